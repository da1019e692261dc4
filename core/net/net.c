#include "core/net/net.h"

const char *net_error_text(enum net_error error)
{
    static const char *const texts[] = {
#define NET_ERROR_TEXT(name, text) text,
        NET_ERROR_LIST(NET_ERROR_TEXT)
#undef NET_ERROR_TEXT
    };
    return texts[error];
}

void effect_deinit(struct effect *effect)
{
    blob_unref(effect->bytes);
    effect->bytes = NULL;
}
