#include "core/dialog/registration.h"

#include "core/dialog/owned.h"

static const struct reg_row rows[] = {
    {REG_ASKING,       REG_GRANTED, REG_REGISTERED  },
    {REG_ASKING,       REG_REMOVED, REG_UNREGISTERED},
    {REG_ASKING,       REG_REFUSED, REG_FAILED      },
    {REG_REGISTERED,   REG_REMOVED, REG_UNREGISTERED},
    {REG_REGISTERED,   REG_REFUSED, REG_FAILED      },
    {REG_REGISTERED,   REG_EXPIRED, REG_UNREGISTERED},
    {REG_FAILED,       REG_GRANTED, REG_REGISTERED  },
    {REG_FAILED,       REG_REMOVED, REG_UNREGISTERED},
    {REG_UNREGISTERED, REG_GRANTED, REG_REGISTERED  },
    {REG_UNREGISTERED, REG_REFUSED, REG_FAILED      },
};

const struct reg_row *reg_row_find(uint8_t at, uint8_t on)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].at == at && rows[i].on == on)
            return &rows[i];
    return NULL;
}

struct view reg_state_text(uint8_t state)
{
    static const struct view texts[REG_STATE_COUNT] = {
        [REG_ASKING] = {"asking",       6 },
        [REG_REGISTERED] = {"registered",   10},
        [REG_FAILED] = {"failed",       6 },
        [REG_UNREGISTERED] = {"unregistered", 12},
    };
    return texts[state];
}

struct view reg_event_text(uint8_t event)
{
    static const struct view texts[] = {
        [REG_GRANTED] = {"granted",      7 },
        [REG_REMOVED] = {"not listed",   10},
        [REG_REFUSED] = {"refused",      7 },
        [REG_EXPIRED] = {"time is over", 12},
    };
    return texts[event];
}

void reg_deinit(struct tx_layer *layer, struct sip_reg *reg)
{
    timer_stop(layer, &reg->timer, reg->handle);
    timer_stop(layer, &reg->keep, reg->handle);
    owned_drop(NULL, &reg->uri);
    owned_drop(NULL, &reg->from);
    owned_drop(NULL, &reg->from_tag);
    owned_drop(NULL, &reg->to);
    owned_drop(NULL, &reg->call_id);
    owned_drop(NULL, &reg->pub_gruu);
    owned_drop(NULL, &reg->temp_gruu);
    rows_drop(&reg->contacts);
    rows_drop(&reg->rows);
}
