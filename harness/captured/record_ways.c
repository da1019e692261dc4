#include "harness/captured/record_ways.h"

#include "harness/captured/record_try.h"

/* The scenario as a file of its own, which is tried. */
static enum err outline_try_once(const struct outline *outline, struct buf *why)
{
    struct buf text = {.limit = RECORD_WRITTEN_MOST};

    if (outline->by_wires)
        outline_write_helpers(&text);
    outline_write(&text, outline);
    enum err err = text.failed;
    if (err == ERR_OK)
        err = record_try(outline, buf_view(&text), why);
    buf_deinit(&text);
    return err;
}

static enum err outline_try(struct outline *outline, struct buf *why)
{
    enum err err = outline_try_once(outline, why);

    if (err != ERR_STATE)
        return err;
    outline->leaves = true;
    return outline_try_once(outline, why);
}

/* An outline that was tried and holds. ERR_SYNTAX: this way there is none, and `why`. */
static enum err call_outline(const struct call *call, const struct outline_options *options,
                             struct buf *why, struct outline **out)
{
    struct outline *outline = NULL;

    enum err err = outline_make(call, options, why, &outline);
    if (err == ERR_OK)
        err = outline_try(outline, why);
    if (err == ERR_LIMIT) {
        buf_printf(why, "it has more messages (%u) than a scenario should have",
                   (unsigned)call->message_count);
        err = ERR_SYNTAX;
    }
    if (err == ERR_OK)
        *out = outline;
    else
        outline_destroy(outline);
    return err;
}

static bool has_device(const struct call *call, const struct addr *device)
{
    for (uint16_t i = 0; device->family != 0 && i < call->party_count; i++)
        if (addr_is_at(&call->parties[i].address, device))
            return true;
    return false;
}

/* ERR_SYNTAX: what the device does cannot be triggered. */
static enum err device_try(const struct call *call, const struct addr *device, struct buf *why,
                           struct outline **out)
{
    struct outline_options options = {.way = OUTLINE_CALLS, .device = *device};

    return has_device(call, device) ? call_outline(call, &options, why, out) : ERR_SYNTAX;
}

/* By wires it is because of what the best way met. */
enum err record_ways_try(const struct call *call, const struct addr *device,
                         struct record_whys *whys, struct outline **out)
{
    struct buf later = {0}, *why = &whys->why;
    enum err err = device_try(call, device, &whys->undriven, out);

    for (enum outline_way way = OUTLINE_CALLS; err == ERR_SYNTAX && way <= OUTLINE_WIRES; way++) {
        struct outline_options options = {.way = way, .why = buf_view(why)};
        buf_clear(&later);
        err = call_outline(call, &options, why->len == 0 ? why : &later, out);
    }
    if (err == ERR_SYNTAX && later.len > 0) {
        buf_clear(why);
        buf_add(why, buf_view(&later));
    }
    buf_deinit(&later);
    return err;
}

void record_whys_deinit(struct record_whys *whys)
{
    buf_deinit(&whys->undriven);
    buf_deinit(&whys->why);
}
