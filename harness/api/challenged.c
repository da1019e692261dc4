#include "harness/api/challenged.h"

#include <stdio.h>

enum { REALM_MAX = 60 };

bool challenge_find(struct sip_msg *response, struct arena *arena, struct sip_challenge *out,
                    bool *out_proxy)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_WWW_AUTHENTICATE,
                                             SIP_HEADER_PROXY_AUTHENTICATE};

    for (size_t k = 0; k < 2; k++) {
        size_t count = sip_msg_count(response, ids[k]);
        for (size_t i = 0; i < count; i++) {
            const struct sip_auth *auth = sip_msg_get(response, ids[k], i);
            *out_proxy = k == 1;
            if (auth != NULL && sip_challenge_read(auth, arena, out) == ERR_OK)
                return true;
        }
    }
    return false;
}

/* Did the request bring credentials for that realm? */
static bool is_answered(struct sip_msg *sent, struct arena *arena, struct view realm, bool proxy)
{
    enum sip_header_id id = proxy ? SIP_HEADER_PROXY_AUTHORIZATION : SIP_HEADER_AUTHORIZATION;
    size_t count = sip_msg_count(sent, id);
    struct sip_credentials credentials;

    for (size_t i = 0; i < count; i++) {
        const struct sip_auth *auth = sip_msg_get(sent, id, i);
        if (auth != NULL && sip_credentials_read(auth, arena, &credentials) == ERR_OK &&
            view_equal(credentials.realm, realm))
            return true;
    }
    return false;
}

static struct view hint_write(const struct agent *agent, struct view realm, bool answered,
                              char *room)
{
    struct view shown = view_head(realm, REALM_MAX), name = view_head(agent->party.name, REALM_MAX);
    int len;

    if (answered)
        len = snprintf(room, AUTH_HINT_MAX,
                       "realm \"%.*s\" refused its credentials: is the user or the password wrong?",
                       VIEW_ARG(shown));
    else
        len = snprintf(room, AUTH_HINT_MAX,
                       "no auth is given for realm \"%.*s\": auth = { user = \"%.*s\", "
                       "password = … }",
                       VIEW_ARG(shown), VIEW_ARG(name));
    return (struct view){room, len < AUTH_HINT_MAX ? (size_t)len : AUTH_HINT_MAX - 1};
}

struct view auth_hint(const struct request *request, char *room)
{
    struct arena arena = {0};
    struct sip_challenge challenge;
    struct view hint = {0};
    bool proxy;

    if (request == NULL || request->generated || (request->status != 401 && request->status != 407))
        return hint;
    struct post *post = &request->agent->party.agents->post;
    struct sip_msg *response = sip_msg_ref(post_msg(post, request->final));
    if (response != NULL && challenge_find(response, &arena, &challenge, &proxy)) {
        struct sip_msg *sent = post_msg(post, request->sent);
        bool answered = sent != NULL && is_answered(sent, &arena, challenge.realm, proxy);
        hint = hint_write(request->agent, challenge.realm, answered, room);
    }
    sip_msg_unref(response);
    arena_deinit(&arena);
    return hint;
}
