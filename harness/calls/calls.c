/* The calls that go on: what is held of each, and when it goes. */
#include "harness/calls/inside.h"

#include <utlist.h>

enum { HELD_DEFAULT = 64 << 20, CALLS_DEFAULT = 65536 };

struct open_call {
    UT_hash_handle hh;             /* in the order of their first messages */
    struct open_call *prev, *next; /* in one of the lists */
    size_t bytes;                  /* that are held for it */
    struct held_message *messages;
    uint32_t count, size;
    uint32_t cseq; /* of its newest INVITE */
    bool invited, pending, session, ended;
    bool cut, lost;
    size_t id_len;
    char id[];
};

struct calls {
    struct calls_options options;
    struct open_call *open;   /* by Call-ID */
    struct open_call *active; /* the same ones, the longest silent first */
    struct open_call *ready;  /* to be handed out */
    size_t held;              /* bytes of those that are open */
    struct arena scratch;
    enum err failure;
};

enum err calls_create(const struct calls_options *options, struct calls **out)
{
    struct calls *calls = mem_zalloc(sizeof *calls);
    if (calls == NULL)
        return ERR_MEMORY;
    if (options != NULL)
        calls->options = *options;
    struct calls_options *o = &calls->options;
    o->held_limit = o->held_limit != 0 ? o->held_limit : HELD_DEFAULT;
    o->call_limit = o->call_limit != 0 ? o->call_limit : CALLS_DEFAULT;
    *out = calls;
    return ERR_OK;
}

static void open_free(struct open_call *call)
{
    for (uint32_t i = 0; i < call->count; i++)
        blob_unref(call->messages[i].bytes);
    mem_free(call->messages);
    mem_free(call);
}

void calls_destroy(struct calls *calls)
{
    if (calls == NULL)
        return;
    calls_end(calls);
    struct open_call *call, *next;
    DL_FOREACH_SAFE(calls->ready, call, next)
    open_free(call);
    arena_deinit(&calls->scratch);
    mem_free(calls);
}

enum err calls_failure(const struct calls *calls)
{
    return calls->failure;
}

static struct open_call *open_make(struct calls *calls, struct view id)
{
    struct open_call *call = mem_zalloc(sizeof *call + id.len);
    if (call == NULL)
        return NULL;
    memcpy(call->id, id.ptr, id.len);
    call->id_len = id.len;
    HASH_ADD_KEYPTR(hh, calls->open, call->id, call->id_len, call);
    if (call->lost) {
        mem_free(call);
        return NULL;
    }
    call->bytes = sizeof *call + id.len;
    calls->held += call->bytes;
    DL_APPEND(calls->active, call);
    return call;
}

/* Its last message is the newest one of all. */
static void open_touch(struct calls *calls, struct open_call *call)
{
    DL_DELETE(calls->active, call);
    DL_APPEND(calls->active, call);
}

static void open_release(struct calls *calls, struct open_call *call)
{
    DL_DELETE(calls->active, call);
    HASH_DEL(calls->open, call);
    DL_APPEND(calls->ready, call);
    calls->held -= call->bytes;
}

/* No INVITE waits for its final response, and each session that was made has ended. */
static bool is_over(const struct open_call *call)
{
    return !call->pending && (!call->session || call->ended);
}

/* The longest silent ones go, the one that was added to last of all. */
static void limits_keep(struct calls *calls)
{
    while (calls->held > calls->options.held_limit ||
           HASH_COUNT(calls->open) > calls->options.call_limit) {
        struct open_call *call = calls->active;
        call->cut |= !call->invited || !is_over(call);
        open_release(calls, call);
    }
}

static void progress_note(struct open_call *call, struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    enum sip_method method = sip_msg_method(msg);
    uint16_t status = sip_msg_status(msg);
    uint32_t number = cseq == NULL ? 0 : cseq->number;
    if (method == SIP_INVITE && status == 0) {
        call->invited = call->pending = true;
        call->cseq = number;
    } else if (method == SIP_INVITE && status >= 200) {
        call->pending &= number != call->cseq;
        call->session |= status < 300;
    } else if (method == SIP_BYE && status >= 200) {
        call->ended = status != 401 && status != 407;
    }
}

static enum err message_hold(struct calls *calls, struct open_call *call,
                             const struct captured *message)
{
    struct held_message *messages =
        mem_room(call->messages, sizeof *messages, call->count, &call->size, 8);
    if (messages == NULL)
        return ERR_MEMORY;
    call->messages = messages;
    messages[call->count++] = (struct held_message){.time_ns = message->time_ns,
                                                    .frame = message->frame,
                                                    .stream = message->stream,
                                                    .carrier = message->carrier,
                                                    .source = message->source,
                                                    .target = message->target,
                                                    .bytes = blob_ref(message->bytes)};
    size_t bytes = sizeof *messages + sizeof *message->bytes + message->bytes->len;
    call->bytes += bytes;
    calls->held += bytes;
    return ERR_OK;
}

enum err calls_take_read(struct calls *calls, const struct captured *message, struct sip_msg *msg)
{
    struct view id = sip_msg_call_id(msg);
    struct open_call *call;
    if (id.len == 0)
        return ERR_SYNTAX;
    HASH_FIND(hh, calls->open, id.ptr, id.len, call);
    if (call == NULL)
        call = open_make(calls, id);
    if (call == NULL)
        return ERR_MEMORY;
    open_touch(calls, call);
    if (message->cut) {
        call->cut = true;
        return ERR_SYNTAX;
    }
    enum err err = message_hold(calls, call, message);
    if (err != ERR_OK)
        return err;
    progress_note(call, msg);
    if (call->count == CALL_MESSAGES_MOST) {
        call->cut = true;
        open_release(calls, call);
    }
    limits_keep(calls);
    return sip_msg_is_whole(msg) ? ERR_OK : ERR_MEMORY;
}

enum err calls_take(struct calls *calls, const struct captured *message)
{
    struct sip_msg *msg;
    enum err err = sip_msg_parse(message->bytes, carrier_framing(message->carrier), &msg);
    if (err == ERR_LIMIT)
        return ERR_SYNTAX;
    if (err != ERR_OK)
        return err;
    err = calls_take_read(calls, message, msg);
    sip_msg_unref(msg);
    return err;
}

void calls_end(struct calls *calls)
{
    struct open_call *call, *next;
    HASH_ITER(hh, calls->open, call, next)
    open_release(calls, call);
}

/* Of some the capture has no message whole: of those there is nothing to tell. */
bool calls_next(struct calls *calls, struct call **out)
{
    for (struct open_call *call = calls->ready; call != NULL; call = calls->ready) {
        struct call *made = NULL;
        enum err err = ERR_OK;
        DL_DELETE(calls->ready, call);
        if (call->count > 0)
            err = call_make(&calls->options, &calls->scratch, (struct view){call->id, call->id_len},
                            call->messages, call->count, call->cut, &made);
        open_free(call);
        calls->failure = err != ERR_OK ? err : calls->failure;
        if (made == NULL)
            continue;
        *out = made;
        return true;
    }
    return false;
}
