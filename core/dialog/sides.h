/* The tables of a call's two sides; call_row_find looks in them. */
#pragma once
#include "core/dialog/call.h"

struct call_side {
    const struct call_row *rows;
    size_t row_count;
};
extern const struct call_side call_caller, call_callee;
