#include "reports/html/section.h"

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : -1;
}

static uint64_t number_take(struct view *rest)
{
    uint64_t number = 0;
    while (rest->len > 0 && digit_of(rest->ptr[0]) >= 0 && number < UINT32_MAX) {
        number = number * 10 + (uint64_t)digit_of(rest->ptr[0]);
        *rest = view_skip(*rest, 1);
    }
    return number;
}

int section_compare(struct view a, struct view b)
{
    while (a.len > 0 && b.len > 0) {
        bool digits = digit_of(a.ptr[0]) >= 0 && digit_of(b.ptr[0]) >= 0;
        uint64_t left = digits ? number_take(&a) : (unsigned char)a.ptr[0];
        uint64_t right = digits ? number_take(&b) : (unsigned char)b.ptr[0];
        if (left != right)
            return left < right ? -1 : 1;
        a = digits ? a : view_skip(a, 1);
        b = digits ? b : view_skip(b, 1);
    }
    return (a.len > 0) - (b.len > 0);
}
