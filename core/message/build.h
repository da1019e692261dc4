/* A message to send, from rows. Rows keep the order in which they were first set; nothing repairs
 * them on their way out.
 *
 *     struct sip_build b;
 *     sip_build_request(&b, V("OPTIONS"), V("sip:bob@example.com"));
 *     sip_build_set(&b, V("Call-ID"), V("a84b4c76e66710"));
 *     enum err err = sip_build_finish(&b, &blob);
 *     sip_build_deinit(&b);
 */
#pragma once
#include "core/message/msg.h"

struct sip_row {
    enum sip_header_id id;
    struct view name, value; /* name empty: a removed row */
};

/* The first of the rows that are of this header, by its name in either form; NULL: none. */
const struct sip_row *sip_row_find(const struct sip_row *rows, size_t count, enum sip_header_id id);

struct sip_build { /* plain, but for these functions; sticky as struct buf */
    struct arena arena;
    struct sip_row *rows;
    size_t count, size;
    struct view start_line, body;
    bool omit_length;
    enum err failed;
};

void sip_build_request(struct sip_build *b, struct view method, struct view uri);
void sip_build_response(struct sip_build *b, uint16_t status, struct view reason);
/* Names are compared as headers are: "v" is "Via". All copy what they are given. */
void sip_build_add(struct sip_build *b, struct view name, struct view value); /* another row, behind
                                                    the last one of that name, else at the end */
void sip_build_set(struct sip_build *b, struct view name, struct view value); /* the only row of it,
                                                    in the place of the first one */
void sip_build_remove(struct sip_build *b, struct view name);                 /* all rows of it */
bool sip_build_has(const struct sip_build *b, struct view name);
void sip_build_body(struct sip_build *b, struct view body);
/* Writes it. Content-Length is added last where no row of that name was set; if it was removed
 * with sip_build_omit_length it is left out. MEMORY, LIMIT. */
void sip_build_omit_length(struct sip_build *b);
enum err sip_build_finish(struct sip_build *b, struct blob **out) NODISCARD;
void sip_build_deinit(struct sip_build *b);
void sip_build_spare_drop(void); /* sip_msg_pool_drop calls it */

/* What a request or response of ours must have (RFC 3261 §8.1.1, §8.2.6, Contact where the method
 * demands it): the first row that lacks, as one phrase ("a Contact: RFC 3261 §8.1.1.8"); NULL:
 * none. */
const char *sip_build_lacks(const struct sip_build *b);
