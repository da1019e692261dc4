/* The flow's checks in a call of agents: which tags are the same. Ours make a tag for each dialog
 * that they begin and for each that they answer, whatever the capture's did outside of dialogs. */
#include "harness/record/constructs.h"

static bool var_taken(const struct reading *reading, struct view name)
{
    for (uint16_t i = 0; i < reading->bond_count; i++)
        if (view_equal(reading->bonds[i].caller_var, name) ||
            view_equal(reading->bonds[i].callee_var, name))
            return true;
    return false;
}

struct view bond_var(struct reading *reading, uint16_t party)
{
    struct words *words = &reading->outline->words;
    struct view owner = actor_name(reading->outline, party), name = owner;

    for (unsigned n = 2; var_taken(reading, name) && words->failed == ERR_OK; n++)
        name = words_print(words, "%.*s_%u", VIEW_ARG(owner), n);
    return name;
}

/* The leg of a fork that the response is of. */
static const struct bond *bond_answering(const struct reading *reading, const struct bond *bond,
                                         struct view to_tag)
{
    for (uint16_t i = 0; i < reading->bond_count && !view_equal(bond->callee_tag, to_tag); i++)
        if (to_tag.len > 0 && view_equal(reading->bonds[i].callee_tag, to_tag) &&
            view_equal(reading->bonds[i].caller_tag, bond->caller_tag))
            return &reading->bonds[i];
    return bond;
}

static struct view pair_say(struct words *words, struct view from, struct view to)
{
    return words_print(words, "From.tag = $%.*s, To.tag = $%.*s", VIEW_ARG(from), VIEW_ARG(to));
}

static struct view inside_checks(struct reading *reading, const struct bond *bond,
                                 struct sip_msg *msg)
{
    struct words *words = &reading->outline->words;
    bool forward = view_equal(sip_msg_from_tag(msg), bond->caller_tag);
    struct view from = forward ? bond->caller_var : bond->callee_var;
    struct view to = forward ? bond->callee_var : bond->caller_var;

    return sip_msg_is_request(msg) ? pair_say(words, from, to)
                                   : words_print(words, "To.tag = $%.*s", VIEW_ARG(to));
}

static struct view outside_checks(struct reading *reading, const struct bond *bond,
                                  struct sip_msg *msg)
{
    struct words *words = &reading->outline->words;

    if (sip_msg_is_request(msg))
        return words_print(words, "From.tag = $%.*s", VIEW_ARG(bond->caller_var));
    bond = bond_answering(reading, bond, sip_msg_to_tag(msg));
    return bond->callee_var.len == 0
               ? V("")
               : words_print(words, "To.tag = $%.*s", VIEW_ARG(bond->callee_var));
}

void tags_say(struct reading *reading)
{
    const struct call *call = reading->call;

    for (uint32_t i = 0; i < call->message_count; i++) {
        struct sip_msg *msg = call->messages[i].msg;
        uint16_t transaction = call->messages[i].transaction;
        const struct bond *bond = bond_of(reading, transaction);
        bool ack = sip_msg_is_request(msg) && sip_msg_method(msg) == SIP_ACK;
        bool cancel = sip_msg_method(msg) == SIP_CANCEL;
        if (bond == NULL || sip_msg_status(msg) == 100 || cancel)
            continue;
        if (call->transactions[transaction].in_dialog)
            reading->outline->lines[i].checks = inside_checks(reading, bond, msg);
        else if (!ack)
            reading->outline->lines[i].checks = outside_checks(reading, bond, msg);
    }
}
