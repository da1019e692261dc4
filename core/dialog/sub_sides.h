/* The tables of a subscription's two sides; sub_row_find looks in them. */
#pragma once
#include "core/dialog/subscription.h"

struct sub_side {
    const struct sub_row *rows;
    size_t row_count;
};
extern const struct sub_side sub_subscriber, sub_notifier;
