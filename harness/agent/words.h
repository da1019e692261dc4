/* Small texts of sentences: times, durations, what a message is called.
 *
 *     char room[WORDS_MAX];
 *     buf_add(&buf, words_duration(2000000, room));        "2 s"
 */
#pragma once
#include "core/core.h"

enum { WORDS_MAX = 96 };

struct view words_duration(uint64_t us, char *room); /* "2 s", "1.5 s", "200 ms", "350 us" */
struct view words_time(uint64_t us, char *room);     /* of the scenario's clock: "0.012 s" */
/* "180 Ringing", "INVITE", "200 OK to BYE" where the method is not INVITE; NULL: "bytes that are
 * no SIP message". */
struct view words_message(const struct sip_msg *msg, char *room);
