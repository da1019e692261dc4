/* Whether a key log is for any of the captures that it was given with: it may be for one of
 * several.
 *
 *     keyfit_take(&keyfit, capture);             after the last message of each
 *     code = keyfit_end(&keyfit);
 */
#pragma once
#include "harness/capture/capture.h"

struct keyfit { /* zeroed: no capture yet */
    struct buf misfit;
    uint32_t misfits;
    bool fitted;
};

void keyfit_take(struct keyfit *keyfit, const struct capture *capture);
/* EXIT_USAGE: it is for none, which was said; else EXIT_ALL_PASSED. Ends it. */
int keyfit_end(struct keyfit *keyfit);
