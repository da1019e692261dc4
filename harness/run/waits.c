#include "harness/run/waits.h"
#include "harness/scene/waits.h"

enum { BODY_MOST = 64 << 10 }; /* more tasks are not looked at by anybody */

/* ---- in the worker ---- */

static void wait_pack(void *ctx, const struct scene_wait *wait)
{
    struct buf *buf = ctx;

    if (buf->len > BODY_MOST)
        return;
    pack_uint(buf, wait->kind);
    pack_view(buf, wait->who);
    pack_view(buf, wait->what);
    pack_view(buf, wait->place.file);
    pack_uint(buf, wait->place.line);
    pack_uint(buf, wait->until_us);
}

static void body_pack(struct buf *buf, uint64_t now_us, bool real, const struct buf *items)
{
    size_t start = frame_begin(buf, FRAME_WAITS);

    pack_uint(buf, now_us);
    pack_uint(buf, real);
    buf_add(buf, buf_view(items));
    frame_end(buf, start);
}

void waits_pack(struct buf *buf, const struct scene *scene, lua_State *running)
{
    struct buf items = {0};

    scene_waits(scene, running, &items, wait_pack);
    body_pack(buf, scene->driver->ops->now(scene->driver), scene->clock.real, &items);
    buf_deinit(&items);
}

void waits_pack_before(struct buf *buf, struct view what)
{
    struct buf items = {0};

    wait_pack(&items, &(struct scene_wait){.kind = SCENE_WAITS, .what = what, .until_us = NEVER});
    body_pack(buf, 0, true, &items);
    buf_deinit(&items);
}

/* ---- in the parent ---- */

void waits_take(struct waits *waits, struct view body, uint64_t now_us)
{
    buf_clear(&waits->body);
    buf_add(&waits->body, body);
    waits->got_us = now_us;
}

void waits_clear(struct waits *waits)
{
    buf_clear(&waits->body);
}

void waits_deinit(struct waits *waits)
{
    buf_deinit(&waits->body);
}

struct reading {
    struct unpack unpack;
    uint64_t now_us; /* on the scenario's clock, as far as it is known */
    bool real;
};

static struct reading reading_begin(const struct waits *waits, uint64_t now_us)
{
    struct reading reading = {.unpack = {.rest = buf_view(&waits->body)}};

    reading.now_us = unpack_uint(&reading.unpack);
    reading.real = unpack_uint(&reading.unpack) != 0;
    if (reading.real && now_us > waits->got_us)
        reading.now_us += now_us - waits->got_us;
    return reading;
}

static bool reading_next(struct reading *reading, struct scene_wait *out)
{
    struct unpack *unpack = &reading->unpack;

    if (unpack->failed || unpack->rest.len == 0)
        return false;
    uint64_t kind = unpack_uint(unpack);
    out->kind = kind > SCENE_TIMER ? SCENE_WAITS : (enum scene_wait_kind)kind;
    out->who = unpack_view(unpack);
    out->what = unpack_view(unpack);
    out->place.file = unpack_view(unpack);
    out->place.line = (uint32_t)unpack_uint(unpack);
    out->until_us = unpack_uint(unpack);
    return !unpack->failed;
}

/* "21.4 s": tenths, for it moves while one looks at it. */
static void add_left(struct buf *out, const struct reading *reading, uint64_t until_us)
{
    uint64_t left_us = until_us > reading->now_us ? until_us - reading->now_us : 0;
    uint64_t tenths = left_us / (US_PER_S / 10);

    buf_printf(out, "%llu.%llu s", (unsigned long long)(tenths / 10),
               (unsigned long long)(tenths % 10));
}

static void add_what(struct buf *out, const struct reading *reading, const struct scene_wait *wait)
{
    buf_add(out, wait->what);
    if (wait->kind == SCENE_TIMER) {
        buf_add(out, V(" in "));
        add_left(out, reading, wait->until_us);
    } else if (wait->until_us != NEVER) {
        buf_add(out, V(", "));
        add_left(out, reading, wait->until_us);
        buf_add(out, V(" left"));
    }
}

/* Of those that end a wait: RFC 3261 Table 4, RFC 6665 §4.1.2.4. */
static bool gives_up(const struct scene_wait *wait)
{
    static const char letters[] = "BFHN";
    struct view name = view_skip(wait->what, sizeof "Timer " - 1);

    return wait->kind == SCENE_TIMER && view_starts(wait->what, V("Timer ")) && name.len > 0 &&
           memchr(letters, name.ptr[0], sizeof letters - 1) != NULL;
}

/* The timer that ends it: the last that is due of the agent whose name the wait begins with. */
static void add_timer(struct buf *out, const struct reading *begun, const struct scene_wait *first)
{
    struct reading reading = *begun;
    struct scene_wait wait, last = {.until_us = 0};
    struct view who = view_head(first->what, view_find_char(first->what, ':'));

    while (reading_next(&reading, &wait))
        if (gives_up(&wait) && view_equal(wait.who, who) && wait.until_us >= last.until_us)
            last = wait;
    if (last.what.len == 0)
        return;
    last.what = view_head(last.what, view_find(last.what, V(" of the ")));
    buf_add(out, V(", "));
    add_what(out, &reading, &last);
}

void waits_line(const struct waits *waits, uint64_t now_us, struct buf *out)
{
    struct reading reading = reading_begin(waits, now_us), first_reading = reading;
    struct scene_wait wait, first = {.kind = SCENE_TIMER};
    unsigned more = 0;

    while (reading_next(&reading, &wait))
        if (wait.kind != SCENE_TIMER && first.kind == SCENE_TIMER)
            first = wait;
        else
            more += wait.kind != SCENE_TIMER;
    if (first.kind == SCENE_TIMER)
        return;
    add_what(out, &reading, &first);
    add_timer(out, &first_reading, &first);
    if (more > 0)
        buf_printf(out, " (and %u more)", more);
}

void waits_write(const struct waits *waits, uint64_t now_us, struct buf *out)
{
    struct reading reading = reading_begin(waits, now_us);
    struct scene_wait wait;

    while (reading_next(&reading, &wait)) {
        buf_add(out, V("    "));
        if (wait.kind == SCENE_TIMER)
            buf_printf(out, "%.*s: ", VIEW_ARG(wait.who));
        add_what(out, &reading, &wait);
        if (wait.place.line != 0)
            buf_printf(out, "   %.*s:%u", VIEW_ARG(wait.place.file), wait.place.line);
        buf_add_char(out, '\n');
    }
}
