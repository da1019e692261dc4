#include "harness/watch/told.h"

#include "harness/agent/agents.h"

static uint64_t hand_key(uint32_t party, struct view call_id)
{
    return view_hash(call_id) ^ rng_mix(party);
}

static const struct agent *agent_of(const struct agents *agents, uint32_t number)
{
    const struct party *party = agents_party(agents, number);
    return party != NULL && party->kind == PARTY_AGENT ? (const struct agent *)party : NULL;
}

static enum err garbled(struct told *told, struct sip_msg *msg)
{
    return keyset_add(&told->garbled, view_hash(sip_msg_call_id(msg)));
}

/* Before a hook or the network changed it, the message may have had another Call-ID. */
static enum err was_noted(struct told *told, const struct trace_wire *wire, uint32_t hand)
{
    struct sip_msg *msg;
    struct blob *blob = blob_create(wire->was);
    if (blob == NULL)
        return ERR_MEMORY;
    enum err err = sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg);
    blob_unref(blob);
    if (err != ERR_OK)
        return err == ERR_MEMORY ? err : ERR_OK;
    err = hand == 0 ? garbled(told, msg)
                    : keyset_add(&told->hands, hand_key(hand, sip_msg_call_id(msg)));
    sip_msg_unref(msg);
    return err;
}

/* To a device, which may be a proxy: it shows when the request comes out of it with its Via on top.
 */
static enum err given(struct told *told, const struct agents *agents, const struct trace_wire *wire)
{
    const struct party *from = agents_party(agents, wire->from);
    const struct party *to = agents_party(agents, wire->to);
    bool strange = wire->intended || (from != NULL && from->kind == PARTY_WIRE);

    if (!strange || to == NULL || to->kind != PARTY_DEVICE)
        return ERR_OK;
    return keyset_add(&told->strange, view_hash(wire->call_id));
}

static enum err came(struct told *told, const struct agents *agents, const struct trace_wire *wire,
                     struct sip_msg *msg)
{
    const struct party *from = agents_party(agents, wire->from);

    if (from == NULL || from->kind != PARTY_DEVICE || !sip_msg_is_request(msg) ||
        sip_msg_count(msg, SIP_HEADER_VIA) < 2)
        return ERR_OK;
    return keyset_add(&told->handed, hand_key(wire->from, wire->call_id));
}

bool told_plays(const struct agents *agents, uint32_t number)
{
    const struct agent *agent = agent_of(agents, number);
    return agent != NULL && agent->plays;
}

bool told_intended(const struct agents *agents, const struct trace_wire *wire)
{
    return wire->intended && !told_plays(agents, wire->from);
}

static enum err sent(struct told *told, const struct agents *agents, const struct trace_wire *wire,
                     const struct blob *bytes)
{
    bool hooked = wire->fate == FATE_CHANGED || wire->fate == FATE_SWALLOWED;
    if (told_plays(agents, wire->from) || (!hooked && bytes->told != TOLD_IDENTITY))
        return ERR_OK;
    enum err err = keyset_add(&told->hands, hand_key(wire->from, wire->call_id));
    return err == ERR_OK && wire->was.ptr != NULL ? was_noted(told, wire, wire->from) : err;
}

/* What it hands on is as strange as what it was given. */
static bool hands_on(const struct agents *agents, uint32_t number)
{
    const struct agent *agent = agent_of(agents, number);
    return agent != NULL && agent->stack.forwards != SIP_FORWARDS_NOT;
}

enum err told_note(struct told *told, const struct agents *agents, const struct trace_event *event,
                   const struct blob *bytes, struct sip_msg *msg)
{
    const struct trace_wire *wire = &event->u.wire;
    if (wire->side == SIDE_OUT) {
        enum err err = given(told, agents, wire);
        return err == ERR_OK ? sent(told, agents, wire, bytes) : err;
    }
    if (wire->fate == FATE_CORRUPTED || wire->fate == FATE_CHANGED) {
        enum err err = garbled(told, msg);
        return err == ERR_OK ? was_noted(told, wire, 0) : err;
    }
    const struct party *from = agents_party(agents, wire->from);
    bool strange = wire->intended || from == NULL || from->kind == PARTY_DEVICE;
    if (strange && hands_on(agents, wire->to))
        return keyset_add(&told->handed, hand_key(wire->to, wire->call_id));
    return came(told, agents, wire, msg);
}

enum err told_flow(struct told *told, uint32_t party, const struct flow_news *news)
{
    bool over = news->to == FLOW_GONE || news->to == FLOW_CLOSING;
    bool refused = news->kind == FLOW_MOVED && news->from == FLOW_OPENING && over;
    return refused ? keyset_add(&told->refused, rng_mix(party)) : ERR_OK;
}

static bool has_stream(const struct party *party)
{
    for (size_t i = 0; i < party->bind_count; i++)
        if (proto_reliable(party->binds[i].proto))
            return true;
    return false;
}

/* RFC 3261 §18.1.1: what is too long for UDP goes by it where TCP was refused; and a scenario may
 * have given its agent nothing else. */
static bool by_udp_after_all(const struct told *told, const struct party *party,
                             const struct finding *finding)
{
    if (finding->rule != rule_of(RULE_TOO_LARGE_FOR_UDP) || party == NULL)
        return false;
    return keyset_has(&told->refused, rng_mix(finding->blamed)) ||
           (party->kind == PARTY_AGENT && !has_stream(party));
}

/* What whoever hands a message on makes of it by himself; all else is as it came. */
static bool is_own_making(const struct rule_row *rule)
{
    static const enum rule rules[] = {
        RULE_BRANCH_COOKIE,    RULE_VIA_TRANSPORT,   RULE_RPORT_VALUE,
        RULE_RECEIVED_ADDED,   RULE_RESPONSE_SOURCE, RULE_ECHO_VIA,
        RULE_AFTER_FINAL,      RULE_EARLY_100,       RULE_PROVISIONAL_NON_INVITE,
        RULE_COPY_CHANGED,     RULE_COPY_RELIABLE,   RULE_INVITE_INTERVAL,
        RULE_REQUEST_INTERVAL, RULE_BRANCH_REUSED,   RULE_CANCEL_EARLY,
        RULE_CANCEL_VIA,       RULE_ACK_VIA,         RULE_ACK_MISSING,
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rule == rule_of(rules[i]))
            return true;
    return false;
}

/* Copies that it hands on come when they come. */
static bool is_of_others(const struct agent *agent, const struct rule_row *rule)
{
    static const enum rule rules[] = {
        RULE_ANSWER_ACKED,      RULE_ANSWER_INTERVAL,       RULE_RELIABLE_ACKED,
        RULE_RELIABLE_INTERVAL, RULE_INVITE_INTERVAL,       RULE_REQUEST_INTERVAL,
        RULE_REFUSAL_INTERVAL,  RULE_REFUSAL_ACKED,         RULE_COPY_UNASKED,
        RULE_COPY_AFTER_FINAL,  RULE_COPY_AFTER_PROVISIONAL};
    size_t count = agent->stack.forwards == SIP_FORWARDS_NOT ? 0
                   : agent->stack.forwards == SIP_FORWARDS_STATEFUL
                       ? 4 /* of transactions it has its own */
                       : sizeof rules / sizeof *rules;
    for (size_t i = 0; i < count; i++)
        if (rule == rule_of(rules[i]))
            return true;
    return false;
}

static bool handed_on(const struct told *told, const struct party *party,
                      const struct finding *finding)
{
    bool device = party != NULL && party->kind == PARTY_DEVICE;

    if (is_own_making(finding->rule) ||
        !keyset_has(&told->handed, hand_key(finding->blamed, finding->call_id)))
        return false;
    return !device || keyset_has(&told->strange, view_hash(finding->call_id));
}

bool told_so(const struct told *told, const struct agents *agents, const struct finding *finding)
{
    const struct party *party = agents_party(agents, finding->blamed);
    const struct agent *agent = agent_of(agents, finding->blamed);
    uint64_t key = hand_key(finding->blamed, finding->call_id);
    return (party != NULL && party->kind == PARTY_WIRE) ||
           (agent != NULL &&
            ((agent->stack.mutants != 0 && !agent->plays) || is_of_others(agent, finding->rule))) ||
           by_udp_after_all(told, party, finding) ||
           keyset_has(&told->garbled, view_hash(finding->call_id)) ||
           handed_on(told, party, finding) || keyset_has(&told->hands, key);
}

void told_deinit(struct told *told)
{
    keyset_deinit(&told->hands);
    keyset_deinit(&told->handed);
    keyset_deinit(&told->strange);
    keyset_deinit(&told->garbled);
    keyset_deinit(&told->refused);
}
