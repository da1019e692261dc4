/* Each party a wire, and each message its bytes: what always can be written. */
#include "harness/record/inside.h"
#include "harness/record/pieces.h"

static void actor_wire(struct outline *outline, uint16_t party)
{
    struct actor *actor = &outline->actors[party];
    struct words *words = &outline->words;

    actor->kind = ACTOR_WIRE;
    actor->order = party;
    actor->options = word_make(words, WORD_TABLE, V(""));
    actor_transport(outline, party);
}

/* Whether a later one is a copy of this, and has to be sent again as it was. */
static bool copied_later(const struct call *call, uint32_t index)
{
    for (uint32_t i = index + 1; i < call->message_count; i++)
        if (call->messages[i].copy_of == index + 1)
            return true;
    return false;
}

static struct view copy_name(struct outline *outline, uint32_t index)
{
    return words_print(&outline->words, "sent%u", (unsigned)(index + 1));
}

/* A copy has the bytes of its original, save where it has not: then it is a message of its own. */
static bool is_same(const struct call *call, const struct call_message *message)
{
    if (message->copy_of == 0)
        return false;
    const struct blob *mine = sip_msg_blob(message->msg);
    const struct blob *first = sip_msg_blob(call->messages[message->copy_of - 1].msg);
    return view_equal(blob_view(mine), blob_view(first));
}

static void message_send(struct outline *outline, struct finder *finder, uint32_t index)
{
    const struct call_message *message = &outline->call->messages[index];
    struct words *words = &outline->words;
    bool again = is_same(outline->call, message);
    bool kept = !again && copied_later(outline->call, index);

    struct step *step =
        outline_step(outline, outline->lines[index].after_ms,
                     kept ? copy_name(outline, index) : V(""), actor_name(outline, message->from));
    struct said *said = step_say(words, step, V("send"));
    said_name(words, said, actor_name(outline, message->to));
    if (again) {
        said_name(words, said, copy_name(outline, message->copy_of - 1));
        return;
    }
    struct word *word = said_word(said, word_make(words, WORD_MESSAGE, V("")));
    word->message = finder_cut(finder, message);
}

/* 100s and copies are in no inbox. */
static void message_expect(struct outline *outline, uint32_t index)
{
    const struct call_message *message = &outline->call->messages[index];

    if (sip_msg_status(message->msg) == 100 || is_same(outline->call, message))
        return;
    struct step *step = outline_step(outline, 0, V(""), actor_name(outline, message->to));
    struct said *said = step_say(&outline->words, step, V("expect"));
    said_text(&outline->words, said, message_pattern(outline, message->msg));
}

enum err wires_outline(struct outline *outline)
{
    struct finder *finder;
    enum err err = finder_create(outline, &finder);

    if (err != ERR_OK)
        return err;
    for (uint16_t i = 0; i < outline->call->party_count; i++)
        actor_wire(outline, i);
    for (uint32_t i = 0; i < outline->call->message_count; i++) {
        message_send(outline, finder, i);
        message_expect(outline, i);
    }
    finder_destroy(finder);
    outline->by_wires = true;
    return outline->words.failed;
}
