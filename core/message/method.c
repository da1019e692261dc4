#include "core/message/method.h"

static const struct view names[SIP_METHOD_COUNT] = {
#define METHOD_NAME(name) [SIP_##name] = {#name, sizeof #name - 1},
    SIP_METHOD_LIST(METHOD_NAME)
#undef METHOD_NAME
};

/* Length and first letter tell nearly all apart; then the whole name is compared. */
enum sip_method sip_method_find(struct view name)
{
    if (name.len == 0)
        return SIP_METHOD_OTHER;
    for (int i = SIP_METHOD_OTHER + 1; i < SIP_METHOD_COUNT; i++)
        if (names[i].len == name.len && names[i].ptr[0] == name.ptr[0] &&
            view_equal(names[i], name))
            return (enum sip_method)i;
    return SIP_METHOD_OTHER;
}

struct view sip_method_name(enum sip_method method)
{
    return names[method];
}
