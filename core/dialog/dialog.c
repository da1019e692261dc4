#include "core/dialog/dialog.h"

#include "core/message/uri.h"

#include <stddef.h>

/* From and To are kept with all but their parameters: those of the header are the tag and
 * strangers, and an addr-spec without brackets has none of its own (RFC 3261 §20.10). */
struct view dialog_uri(const struct sip_name_addr *value)
{
    struct view text = value->text;
    struct view uri = value->uri.text;
    if (uri.ptr < text.ptr || uri.ptr + uri.len > text.ptr + text.len)
        return uri;
    size_t end = (size_t)(uri.ptr + uri.len - text.ptr);
    if (end < text.len && text.ptr[end] == '>')
        end++;
    return view_head(text, end);
}

/* RFC 3261 §20.10 wants one; where it is missing or "*" the target stays what it was. */
static struct view target_of(struct sip_msg *msg)
{
    const struct sip_name_addr *contact = sip_msg_contact(msg, 0);
    if (contact == NULL || contact->wildcard)
        return (struct view){0};
    return sip_uri_bare(contact->uri.text);
}

/* RFC 3261 §19.1.1, Table 1: neither a Contact in a dialog nor a Request-URI has a method. */
static enum err target_set(struct sip_dialog *dialog, struct view target)
{
    struct sip_uri_parts parts = sip_uri_without(target, V("method"));
    struct buf text = {0};

    if (parts.head.len == target.len)
        return owned_set(&dialog->room, &dialog->remote_target, target);
    buf_add(&text, parts.head);
    buf_add(&text, parts.tail);
    enum err err = text.failed;
    if (err == ERR_OK)
        err = owned_set(&dialog->room, &dialog->remote_target, buf_view(&text));
    buf_deinit(&text);
    return err;
}

static void note(enum err *err, enum err next)
{
    *err = *err == ERR_OK ? next : *err;
}

enum err dialog_call(struct sip_dialog *dialog, const struct dialog_ids *ids)
{
    enum err err = owned_set(&dialog->room, &dialog->call_id, ids->call_id);
    note(&err, owned_set(&dialog->room, &dialog->local_tag, ids->local_tag));
    note(&err, owned_set(&dialog->room, &dialog->local_uri, ids->local_uri));
    note(&err, owned_set(&dialog->room, &dialog->remote_uri, ids->remote_uri));
    note(&err, owned_set(&dialog->room, &dialog->remote_target, ids->target));
    dialog->local_seq = ids->local_seq;
    return err;
}

enum err dialog_fork(struct sip_dialog *dialog, const struct sip_dialog *from, uint32_t invite_seq)
{
    struct dialog_ids ids = {.call_id = from->call_id,
                             .local_tag = from->local_tag,
                             .local_uri = from->local_uri,
                             .remote_uri = from->remote_uri,
                             .target = from->remote_target,
                             .local_seq = invite_seq};
    dialog->secure = from->secure;
    dialog->account = from->account;
    dialog->spaces = from->spaces;
    return dialog_call(dialog, &ids);
}

enum err dialog_refresh(struct sip_dialog *dialog, struct sip_msg *msg)
{
    struct view target = target_of(msg);
    if (target.ptr == NULL || view_equal(target, dialog->remote_target))
        return ERR_OK;
    return target_set(dialog, target);
}

enum err dialog_learn_routes(struct sip_dialog *dialog, struct sip_msg *response)
{
    enum err err = route_learn(&dialog->routes, response, true);
    note(&err, dialog_refresh(dialog, response));
    return err;
}

enum err dialog_learn(struct sip_dialog *dialog, struct sip_msg *response)
{
    enum err err = owned_set(&dialog->room, &dialog->remote_tag, sip_msg_to_tag(response));
    note(&err, dialog_learn_routes(dialog, response));
    dialog->has_remote_tag = err == ERR_OK;
    return err;
}

enum err dialog_learn_request(struct sip_dialog *dialog, struct sip_msg *request)
{
    enum err err = owned_set(&dialog->room, &dialog->remote_tag, sip_msg_from_tag(request));
    note(&err, route_learn(&dialog->routes, request, false));
    note(&err, dialog_refresh(dialog, request));
    dialog->has_remote_tag = err == ERR_OK;
    return err;
}

enum err dialog_answer(struct sip_dialog *dialog, struct sip_msg *request, struct view local_tag)
{
    const struct sip_name_addr *from = sip_msg_from(request), *to = sip_msg_to(request);
    const struct sip_cseq *cseq = sip_msg_cseq(request);
    if (from == NULL || to == NULL || cseq == NULL)
        return ERR_SYNTAX;
    struct dialog_ids ids = {.call_id = sip_msg_call_id(request),
                             .local_tag = local_tag,
                             .local_uri = dialog_uri(to),
                             .remote_uri = dialog_uri(from),
                             .target = from->uri.text}; /* until a Contact says otherwise */
    enum err err = dialog_call(dialog, &ids);
    note(&err, owned_set(&dialog->room, &dialog->remote_tag, from->tag));
    note(&err, route_learn(&dialog->routes, request, false));
    note(&err, dialog_refresh(dialog, request));
    dialog->remote_seq = cseq->number;
    dialog->has_remote_tag = err == ERR_OK;
    return err;
}

enum err dialog_tag_set(struct sip_dialog *dialog, struct view local_tag)
{
    return owned_set(&dialog->room, &dialog->local_tag, local_tag);
}

void dialog_forget(struct sip_dialog *dialog)
{
    ASSERT(!dialog->by_id.listed);
    owned_drop(&dialog->room, &dialog->remote_tag);
    route_drop(&dialog->routes);
    dialog->has_remote_tag = false;
}

void dialog_deinit(struct sip_dialog *dialog)
{
    ASSERT(!dialog->by_id.listed);
    owned_drop(&dialog->room, &dialog->call_id);
    owned_drop(&dialog->room, &dialog->local_tag);
    owned_drop(&dialog->room, &dialog->remote_tag);
    owned_drop(&dialog->room, &dialog->local_uri);
    owned_drop(&dialog->room, &dialog->remote_uri);
    owned_drop(&dialog->room, &dialog->remote_target);
    route_drop(&dialog->routes);
}

bool dialog_accepts_seq(struct sip_dialog *dialog, uint32_t seq)
{
    if (seq < dialog->remote_seq)
        return false;
    dialog->remote_seq = seq;
    return true;
}

static uint64_t hash_of(struct view call_id, struct view local_tag, struct view remote_tag)
{
    uint64_t hash = index_hash(remote_tag);
    hash = rng_mix(hash ^ index_hash(local_tag));
    return rng_mix(hash ^ index_hash(call_id));
}

enum err dialog_list(struct index *index, struct sip_dialog *dialog)
{
    dialog_unlist(index, dialog);
    return index_add(index, &dialog->by_id,
                     hash_of(dialog->call_id, dialog->local_tag, dialog->remote_tag));
}

void dialog_unlist(struct index *index, struct sip_dialog *dialog)
{
    index_remove(index, &dialog->by_id);
}

struct sip_dialog *dialog_find(const struct index *index, struct view call_id,
                               struct view local_tag, struct view remote_tag)
{
    struct index_entry *at = index_first(index, hash_of(call_id, local_tag, remote_tag));
    for (; at != NULL; at = index_next(index, at)) {
        struct sip_dialog *dialog =
            (struct sip_dialog *)((char *)at - offsetof(struct sip_dialog, by_id));
        if (view_equal(dialog->call_id, call_id) && view_equal(dialog->local_tag, local_tag) &&
            view_equal(dialog->remote_tag, remote_tag))
            return dialog;
    }
    return NULL;
}
