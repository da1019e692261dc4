/* A dialog named from outside of it: Replaces (RFC 3891 §6.1), Join (RFC 3911 §7.1), Target-Dialog
 * (RFC 4538 §7, where the tags are called by their side). */
#include "core/message/kind.h"

/* Exactly one of each, RFC 3891 §6.1: of two neither is the one that is meant. */
static struct view tag_find(const struct sip_params *params, struct view name)
{
    struct view found = {0};
    size_t count = 0;
    for (size_t i = 0; i < params->count; i++) {
        if (!view_equal_nocase(params->items[i].name, name))
            continue;
        found = params->items[i].value.ptr != NULL ? params->items[i].value : V("");
        count++;
    }
    return count == 1 ? found : (struct view){0};
}

static void dialog_id_read(struct scan *s, struct sip_dialog_id *id, struct view to,
                           struct view from)
{
    scan_lws(s);
    id->call_id = sip_call_id_scan(s);
    sip_params_scan(s, &id->params);
    id->to_tag = tag_find(&id->params, to);
    id->from_tag = tag_find(&id->params, from);
    if (id->to_tag.ptr == NULL || id->from_tag.ptr == NULL)
        scan_note(s, s->at, SIP_RULE_DIALOG_TAGS);
}

static void dialog_id_scan(struct scan *s, void *out)
{
    dialog_id_read(s, out, V("to-tag"), V("from-tag"));
}

/* RFC 4538 §4: remote and local as the recipient sees the target dialog, as with to and from in
 * Replaces (RFC 3891 §3). */
static void target_dialog_scan(struct scan *s, void *out)
{
    dialog_id_read(s, out, V("local-tag"), V("remote-tag"));
}

static void dialog_id_write(struct buf *buf, const void *in)
{
    const struct sip_dialog_id *id = in;
    buf_add(buf, id->call_id);
    sip_params_write(buf, &id->params);
}

const struct sip_header_kind sip_dialog_id_kind = {
    .name = "dialog-id",
    .shape = SIP_SHAPE_DIALOG_ID,
    .size = sizeof(struct sip_dialog_id),
    .params = offsetof(struct sip_dialog_id, params),
    .parse = dialog_id_scan,
    .write = dialog_id_write,
};

const struct sip_header_kind sip_target_dialog_kind = {
    .name = "target-dialog",
    .shape = SIP_SHAPE_DIALOG_ID,
    .size = sizeof(struct sip_dialog_id),
    .params = offsetof(struct sip_dialog_id, params),
    .parse = target_dialog_scan,
    .write = dialog_id_write,
};
