/* Streams of two parties on the driver under test.
 *
 *     struct line line;
 *     line_open(&line, 4);
 *     line_write(&line.alice, V("hello"));
 *     expect_stream_bytes(&line.bob, V("hello"));
 */
#pragma once
#include "mock/contract_fixture.h"

struct line_end {
    uint32_t party;
    struct handle link;
    size_t wrote; /* the sum of what WROTE said */
};

struct line {
    struct line_end alice, bob;
    struct handle listener;
    struct addr from, to; /* alice's own address; what bob listens at */
};

struct handle listening(uint32_t party, struct addr *addr);
void open_to(uint32_t party, const struct addr *remote, uint32_t query);
void line_open(struct line *line, uint8_t family); /* bob listens, alice opens, both know it */
void line_again(struct line *line);                /* one more, to the same listener */
void line_write(const struct line_end *end, struct view bytes);
void line_do(const struct line_end *end, enum effect_kind kind); /* DO_CLOSE, DO_RESET */

/* The next packet that is no WROTE; those are added up in `line` (may be NULL). */
struct packet next_packet(struct line *line, uint32_t *party);
/* So many bytes come at that end and nowhere else; what they are is compared where given. */
void expect_stream_bytes(struct line *line, const struct line_end *end, struct view bytes);
void expect_stream_failed(struct line *line, const struct line_end *end, enum net_error error);
void expect_open_failed(uint32_t party, uint32_t query, enum net_error error);
/* Nothing comes for a while but WROTE. */
void expect_quiet(struct line *line);
