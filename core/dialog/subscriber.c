#include "core/dialog/sub_sides.h"

/* RFC 6665 §4.1.2, the figure. A refresh that nobody answers with a NOTIFY ends it as Timer N does;
 * an active one that is said to be pending stays what it is, for the figure has no such arrow. */
static const struct sub_row rows[] = {
    {SUB_WAIT,    SUB_GOT_PENDING,    SUB_PENDING   },
    {SUB_WAIT,    SUB_GOT_ACTIVE,     SUB_ACTIVE    },
    {SUB_WAIT,    SUB_GOT_TERMINATED, SUB_TERMINATED},
    {SUB_WAIT,    SUB_NO_NOTIFY,      SUB_TERMINATED},
    {SUB_WAIT,    SUB_REFUSED,        SUB_TERMINATED},
    {SUB_WAIT,    SUB_LOST,           SUB_TERMINATED},
    {SUB_PENDING, SUB_GOT_PENDING,    SUB_PENDING   },
    {SUB_PENDING, SUB_GOT_ACTIVE,     SUB_ACTIVE    },
    {SUB_PENDING, SUB_GOT_TERMINATED, SUB_TERMINATED},
    {SUB_PENDING, SUB_NO_NOTIFY,      SUB_TERMINATED},
    {SUB_PENDING, SUB_LOST,           SUB_TERMINATED},
    {SUB_PENDING, SUB_EXPIRED,        SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_GOT_PENDING,    SUB_ACTIVE    },
    {SUB_ACTIVE,  SUB_GOT_ACTIVE,     SUB_ACTIVE    },
    {SUB_ACTIVE,  SUB_GOT_TERMINATED, SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_NO_NOTIFY,      SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_LOST,           SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_EXPIRED,        SUB_TERMINATED},
};

const struct sub_side sub_subscriber = {rows, sizeof rows / sizeof rows[0]};
