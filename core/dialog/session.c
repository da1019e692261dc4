#include "core/dialog/session.h"

static void move(struct blob **to, struct blob **from)
{
    blob_unref(*to);
    *to = *from;
    *from = NULL;
}

static void drop(struct blob **blob)
{
    blob_unref(*blob);
    *blob = NULL;
}

/* Of a session that is not agreed there is nothing to come back to. */
static void keep(struct sip_session *session)
{
    if (!session->oa.agreed)
        return;
    blob_unref(session->kept_local);
    blob_unref(session->kept_remote);
    session->kept_local = blob_ref(session->local);
    session->kept_remote = blob_ref(session->remote);
}

static void roll_back(struct sip_session *session)
{
    if (session->kept_local == NULL && session->kept_remote == NULL)
        return;
    move(&session->local, &session->kept_local);
    move(&session->remote, &session->kept_remote);
}

static enum err describe(struct blob **side, struct view description)
{
    if (*side != NULL && view_equal(blob_view(*side), description))
        return ERR_OK;
    struct blob *blob = blob_create(description);
    if (blob == NULL)
        return ERR_MEMORY;
    blob_unref(*side);
    *side = blob;
    return ERR_OK;
}

enum err sip_session_step(struct sip_session *session, enum sip_oa_event on, bool ours,
                          struct view description, uint32_t *out_doing)
{
    uint32_t doing = sip_oa_step(&session->oa, on, ours, description.ptr != NULL);
    enum err err = ERR_OK;
    if ((doing & OA_OFFER) != 0)
        keep(session);
    if ((doing & (OA_OFFER | OA_PREVIEW | OA_ANSWER)) != 0)
        err = describe(ours ? &session->local : &session->remote, description);
    if ((doing & OA_ROLL_BACK) != 0)
        roll_back(session);
    if (session->oa.state == OA_FREE) {
        drop(&session->kept_local);
        drop(&session->kept_remote);
    }
    *out_doing = doing;
    return err;
}

void sip_session_fork(struct sip_session *leg, const struct sip_session *first, bool offered)
{
    leg->oa = (struct sip_offer_answer){.state = offered ? OA_IN_INVITE : OA_FREE,
                                        .ours = true,
                                        .asked = !offered,
                                        .asked_by_us = true};
    if (offered)
        leg->local = blob_ref(first->local);
}

void sip_session_deinit(struct sip_session *session)
{
    drop(&session->local);
    drop(&session->remote);
    drop(&session->kept_local);
    drop(&session->kept_remote);
}
