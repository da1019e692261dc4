/* The inside of struct sip_msg, for the files of this folder that make it up: msg.c indexes,
 * start_line.c and values.c read, faults.c and check.c judge. */
#pragma once
#include "core/message/kind.h"
#include "core/message/msg.h"

/* Ids below have their first row remembered. */
#define SIP_HOT (SIP_HEADER_PROXY_REQUIRE + 1)
enum { ROWS_FIRST = 12 };

/* One value of a row; the kind's struct follows. */
struct sip_value {
    struct sip_value *next;
    bool readable;
};

struct sip_msg_row {
    struct sip_line line;
    struct sip_value *values; /* once read */
    uint16_t next;            /* row of the same id + 1; 0: none */
    bool folded, read;
};

struct sip_msg {
    struct sip_msg *next_free;
    uint32_t refs;
    uint16_t status;
    uint8_t method; /* enum sip_method */
    bool is_request, is_stream, uri_read, checked, bare_line_end;
    bool lost; /* a fault could not be recorded */
    struct blob *blob;
    struct view method_name, uri_or_reason, version, body;
    const struct sip_uri *uri;
    struct sip_msg_row *rows;
    uint32_t row_count, row_size;
    struct sip_fault *faults; /* in the arena */
    uint32_t fault_count, fault_size;
    uint16_t first[SIP_HOT], last[SIP_HOT]; /* row + 1; 0: none */
    struct { /* where the last value was found, so that walking a list costs no search */
        uint32_t index;
        uint16_t id, row;
        const struct sip_value *value;
    } cursor;
    const void *body_read; /* by a layer above: core/sdp */
    struct arena arena;
};

/* faults.c */
void sip_msg_add_fault(struct sip_msg *msg, enum sip_rule rule, enum sip_header_id id,
                       const char *at);

void sip_msg_bare_line_end(struct sip_msg *msg, const char *at); /* told once, not for each row */

/* check_value.c */
void sip_msg_fault_line(struct sip_msg *msg, enum sip_rule rule, const struct sip_line *line);
void sip_msg_check_value(struct sip_msg *msg, const struct sip_line *line,
                         const struct sip_header_kind *kind, const struct sip_value *value);

/* start_line.c: reads the first line and gives where the rows begin; false: this is not SIP. */
bool sip_msg_read_start(struct sip_msg *msg, const char **at);

/* values.c */
void sip_msg_read_row(struct sip_msg *msg, struct sip_msg_row *row);
static inline void *sip_value_data(const struct sip_value *value)
{
    return value->readable ? (void *)(value + 1) : NULL;
}
static inline const struct sip_params *sip_value_params(const struct sip_header_kind *kind,
                                                        const struct sip_value *value)
{
    return (const struct sip_params *)((const char *)(value + 1) + kind->params);
}
