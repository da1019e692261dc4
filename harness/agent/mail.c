#include "harness/agent/mail.h"

enum { MAIL_LIMIT = 4000000 };

struct mail *mail_create(struct post *post, struct blob *bytes)
{
    struct mail *mail = post->spare;

    if (post->live >= (post->limit == 0 ? MAIL_LIMIT : post->limit))
        return NULL;
    if (mail != NULL)
        post->spare = mail->next[0];
    else if ((mail = mem_alloc(sizeof *mail)) == NULL)
        return NULL;
    *mail = (struct mail){.bytes = blob_ref(bytes)};
    post->live++;
    return mail;
}

void mail_unlisted(struct post *post, struct mail *mail)
{
    ASSERT(mail->refs > 0);
    if (--mail->refs > 0)
        return;
    blob_unref(mail->bytes);
    mail->next[0] = post->spare;
    post->spare = mail;
    post->live--;
}

void post_remember(struct post *post, struct sip_msg *msg)
{
    if (msg == post->last)
        return;
    if (post->last != NULL)
        sip_msg_unref(post->last);
    post->last = msg == NULL ? NULL : sip_msg_ref(msg);
}

struct sip_msg *post_msg(struct post *post, struct blob *bytes)
{
    struct sip_msg *msg;

    if (bytes == NULL)
        return NULL;
    if (post->last != NULL && sip_msg_blob(post->last) == bytes)
        return post->last;
    if (sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return NULL;
    if (post->last != NULL)
        sip_msg_unref(post->last);
    post->last = msg;
    return msg;
}

void post_deinit(struct post *post)
{
    post_remember(post, NULL);
    for (struct mail *mail = post->spare, *next; mail != NULL; mail = next) {
        next = mail->next[0];
        mem_free(mail);
    }
    *post = (struct post){0};
}
