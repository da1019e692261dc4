/* A call that goes: its messages are read, and what they say of each other is found. */
#include "harness/calls/inside.h"

struct made { /* the call, and where its parts are */
    struct call call;
    struct arena arena;
};

void call_destroy(struct call *call)
{
    struct made *made = (struct made *)call;
    if (call == NULL)
        return;
    for (uint32_t i = 0; i < call->message_count; i++)
        sip_msg_unref(call->messages[i].msg);
    arena_deinit(&made->arena);
    mem_free(made);
}

uint64_t cseq_key(struct sip_msg *msg, uint32_t number, struct view method)
{
    uint64_t key = key_mix(number, sip_msg_from_tag(msg));
    return key_mix(key, method);
}

uint64_t message_key(struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    return cseq == NULL ? 0 : cseq_key(msg, cseq->number, cseq->method_name);
}

static void message_read(struct sketch *sketch, const struct held_message *held)
{
    struct call *call = sketch->call;
    struct sip_msg *msg;
    enum err err = sip_msg_parse(held->bytes, carrier_framing(held->carrier), &msg);
    if (err != ERR_OK) { /* it was readable when it was taken */
        sketch->failure = err;
        return;
    }
    call->messages[call->message_count++] = (struct call_message){.time_ns = held->time_ns,
                                                                  .frame = held->frame,
                                                                  .stream = held->stream,
                                                                  .carrier = held->carrier,
                                                                  .source = held->source,
                                                                  .target = held->target,
                                                                  .msg = msg,
                                                                  .transaction = CALL_NONE};
}

static void call_draw(struct sketch *sketch, const struct held_message *held, uint32_t count)
{
    struct call *call = sketch->call;
    call->call_id = arena_copy(sketch->arena, call->call_id);
    call->messages = sketch_alloc(sketch, sketch->arena, count, sizeof *call->messages);
    if (call->call_id.ptr == NULL)
        sketch->failure = ERR_MEMORY;
    for (uint32_t i = 0; i < count && sketch->failure == ERR_OK; i++)
        message_read(sketch, &held[i]);
    void (*const steps[])(struct sketch *) = {parties_find, transactions_find, parties_name,
                                              whole_judge};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && sketch->failure == ERR_OK; i++)
        steps[i](sketch);
    for (uint32_t i = 0; i < call->message_count && sketch->failure == ERR_OK; i++)
        if (!sip_msg_is_whole(call->messages[i].msg))
            sketch->failure = ERR_MEMORY;
}

enum err call_make(const struct calls_options *options, struct arena *scratch, struct view call_id,
                   const struct held_message *held, uint32_t count, bool cut, struct call **out)
{
    struct made *made = mem_zalloc(sizeof *made);
    if (made == NULL)
        return ERR_MEMORY;
    made->call.call_id = call_id;
    made->call.cut = cut;
    struct sketch sketch = {
        .call = &made->call, .arena = &made->arena, .scratch = scratch, .options = options};
    call_draw(&sketch, held, count);
    numbers_clear(&sketch.acked);
    arena_reset(scratch);
    if (sketch.failure != ERR_OK)
        call_destroy(&made->call);
    else
        *out = &made->call;
    return sketch.failure;
}
