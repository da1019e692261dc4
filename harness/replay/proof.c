#include "harness/replay/rewrite.h"

static enum sip_header_id challenge_of(bool proxy)
{
    return proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE;
}

static enum err challenges_meet(struct play *play, struct sip_msg *came, bool proxy)
{
    const struct sip_auth *auth;
    struct sip_challenge challenge;
    uint32_t space;
    for (size_t i = 0; (auth = sip_msg_get(came, challenge_of(proxy), i)) != NULL; i++) {
        enum err err = sip_challenge_read(auth, play->arena, &challenge);
        if (err == ERR_OK)
            err = keyring_meet(play->keyring, 0, &challenge, proxy, &space);
        if (err == ERR_MEMORY)
            return err;
    }
    return ERR_OK;
}

enum err proof_meet(struct play *play, struct sip_msg *came)
{
    uint16_t status = sip_msg_status(came);
    if (play->keyring == NULL || (status != 401 && status != 407))
        return ERR_OK;
    return challenges_meet(play, came, status == 407);
}

bool proof_known(const struct play *play, enum sip_header_id id)
{
    bool proxy = id == SIP_HEADER_PROXY_AUTHORIZATION;
    for (uint32_t i = 0; play->keyring != NULL && i < play->keyring->space_count; i++)
        if (keyring_proxy(play->keyring, i) == proxy)
            return true;
    return false;
}

enum err proof_write(struct play *play, enum sip_header_id id, struct sip_msg *captured,
                     struct view uri, struct buf *out)
{
    bool proxy = id == SIP_HEADER_PROXY_AUTHORIZATION;
    struct view cnonce = names_branch(&play->names);
    struct keyring_request request = {.method = sip_msg_method_name(captured),
                                      .uri = uri,
                                      .body = sip_msg_body(captured),
                                      .cnonce = view_skip(cnonce, sizeof "z9hG4bK" - 1)};
    enum err err = cnonce.ptr == NULL ? ERR_MEMORY : ERR_OK;
    for (uint32_t i = 0; i < play->keyring->space_count && err == ERR_OK; i++) {
        if (keyring_proxy(play->keyring, i) != proxy)
            continue;
        buf_add(out, sip_header_name(id));
        buf_add(out, V(": "));
        err = keyring_answer(play->keyring, i, &request, out);
        buf_add(out, V("\r\n"));
    }
    return err;
}
