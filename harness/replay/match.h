/* Which of the captured messages one that has come stands for.
 *
 *     struct found found = match_find(play, came);
 */
#pragma once
#include "harness/replay/play.h"

enum found_kind {
    FOUND_STEP,    /* it is what the capture has there */
    FOUND_COPY,    /* of something that came before */
    FOUND_FREE,    /* a 100, or the ACK of a refusal: it may come or not */
    FOUND_STRANGE, /* the capture has something else there, or nothing */
};

struct found {
    enum found_kind kind;
    struct step *step; /* STEP: it; STRANGE: what was expected, or NULL; COPY: what it is one of */
};

struct found match_find(struct play *play, struct sip_msg *came);
