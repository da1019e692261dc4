#include "harness/replay/player.h"

static bool takes_part(const struct call *call, uint16_t party)
{
    for (uint32_t i = 0; i < call->message_count; i++)
        if (call->messages[i].from == party || call->messages[i].to == party)
            return true;
    return false;
}

static bool is_named(const struct call_party *party, struct view play)
{
    struct addr addr;
    if (view_equal_nocase(party->name, play))
        return true;
    if (addr_parse(play, &addr) != ERR_OK)
        return false;
    return addr_is_at(&party->address, &addr);
}

bool player_is_named(struct view play)
{
    return play.len > 0 && !view_equal(play, V("caller")) && !view_equal(play, V("callee"));
}

bool player_find(const struct call *call, struct view play, uint16_t *out)
{
    for (uint16_t i = 0; i < call->party_count; i++)
        if (play.len > 0 && is_named(&call->parties[i], play) && takes_part(call, i)) {
            *out = i;
            return true;
        }
    bool callee = view_equal(play, V("callee"));
    if (call->transaction_count == 0 || !(play.len == 0 || callee || view_equal(play, V("caller"))))
        return false;
    *out = callee ? call->transactions[0].server : call->transactions[0].client;
    return true;
}
