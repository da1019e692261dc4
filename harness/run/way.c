#include "harness/run/way.h"

static enum proto asked(const struct options *options)
{
    static const enum proto protos[] = {PROTO_UDP, PROTO_UDP, PROTO_TCP, PROTO_TLS};

    return protos[options->transport];
}

static bool equal_nocase_at(struct view text, size_t at, struct view head)
{
    return view_starts_nocase(view_skip(text, at), head);
}

static bool is_sips(const struct target *target)
{
    return view_starts_nocase(target->uri, V("sips:"));
}

/* The URI without its transport: who asks there goes by the run's. */
static enum err uri_open(struct target *target, struct arena *arena)
{
    struct view uri = target->uri, param = V(";transport=");
    struct buf buf = {0};
    size_t at = 0;

    while (at < uri.len && !equal_nocase_at(uri, at, param))
        at++;
    if (at == uri.len)
        return ERR_OK;
    struct view rest = view_skip(uri, at + param.len);
    size_t end = view_find_char(rest, ';'), headers = view_find_char(rest, '?');
    buf_add(&buf, view_head(uri, at));
    buf_add(&buf, view_skip(rest, end < headers ? end : headers));
    if (buf.failed == ERR_OK)
        target->uri = arena_copy(arena, buf_view(&buf));
    buf_deinit(&buf);
    return target->uri.ptr == NULL || target->uri.len == uri.len ? ERR_MEMORY : ERR_OK;
}

/* One of another transport is no measure: what is of UDP alone is skipped by it. */
static void known_choose(struct target *target, enum proto proto)
{
    const struct target_known *own = &target->known_by[proto];

    if (own->path.ptr != NULL)
        target->known = *own;
    else if (proto != target->proto)
        target->known = (struct target_known){0};
}

enum err way_settle(const struct options *options, struct target *target, struct arena *arena,
                    struct buf *complaint)
{
    enum proto proto = asked(options);
    const char *text = proto_text(proto);

    known_choose(target, options->transport == 0 ? target->proto : proto);
    if (options->transport == 0)
        return ERR_OK;
    if (is_sips(target) && proto != PROTO_TLS) {
        buf_printf(complaint, "--transport %s: the target %.*s is a sips: URI, which is TLS", text,
                   VIEW_ARG(target->name));
        return ERR_SYNTAX;
    }
    if (!target_supports(target, view_of(text))) {
        buf_printf(complaint,
                   "--transport %s: the target %.*s does not claim it: name it in its 'supports'",
                   text, VIEW_ARG(target->name));
        return ERR_SYNTAX;
    }
    enum err err = proto == target->proto ? ERR_OK : uri_open(target, arena);
    target->proto = proto;
    return err;
}

struct scene_way way_of(const struct options *options, const struct target *target)
{
    struct scene_way way = {.proto = target == NULL ? asked(options) : target->proto};

    way.plain = way.proto == PROTO_TLS && (target == NULL || !is_sips(target));
    return way;
}

static bool is_transport(struct view need)
{
    enum proto proto;

    return proto_parse(need, &proto) == ERR_OK;
}

bool way_is_foreign(const struct scene_way *way, const struct scenario_info *info)
{
    bool udp = false;

    for (size_t i = 0; i < info->needs.count; i++) {
        struct view need = info->needs.items[i];
        udp |= view_equal(need, V("udp"));
        if (is_transport(need) && !view_equal(need, V("udp")))
            return false;
    }
    return udp && way->proto != PROTO_UDP;
}

struct view way_told(const struct options *options, const struct scene_way *way)
{
    bool usual = options->transport == 0 && way->proto == PROTO_UDP;

    return usual ? (struct view){0} : view_of(proto_text(way->proto));
}
