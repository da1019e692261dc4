#include "core/stack/reason/reasons.h"

again_reason *const again_reasons[] = {challenge_again, glare_again,    interval_again, brief_again,
                                       fallback_again,  failover_again, redirect_again, NULL};
