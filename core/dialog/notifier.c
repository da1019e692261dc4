#include "core/dialog/sub_sides.h"

/* RFC 6665 §4.2.2, the figure. Until its first NOTIFY a subscription waits; that it was accepted
 * makes no state of its own. */
static const struct sub_row rows[] = {
    {SUB_WAIT,    SUB_SENT_PENDING,    SUB_PENDING   },
    {SUB_WAIT,    SUB_SENT_ACTIVE,     SUB_ACTIVE    },
    {SUB_WAIT,    SUB_SENT_TERMINATED, SUB_TERMINATED},
    {SUB_WAIT,    SUB_REFUSED,         SUB_TERMINATED},
    {SUB_WAIT,    SUB_LOST,            SUB_TERMINATED},
    {SUB_PENDING, SUB_SENT_PENDING,    SUB_PENDING   },
    {SUB_PENDING, SUB_SENT_ACTIVE,     SUB_ACTIVE    },
    {SUB_PENDING, SUB_SENT_TERMINATED, SUB_TERMINATED},
    {SUB_PENDING, SUB_LOST,            SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_SENT_PENDING,    SUB_ACTIVE    },
    {SUB_ACTIVE,  SUB_SENT_ACTIVE,     SUB_ACTIVE    },
    {SUB_ACTIVE,  SUB_SENT_TERMINATED, SUB_TERMINATED},
    {SUB_ACTIVE,  SUB_LOST,            SUB_TERMINATED},
};

const struct sub_side sub_notifier = {rows, sizeof rows / sizeof rows[0]};
