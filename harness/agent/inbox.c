#include "harness/agent/inbox.h"

void inbox_add(struct inbox *inbox, struct mail *mail)
{
    mail->next[inbox->list] = NULL;
    if (inbox->last == NULL)
        inbox->first = mail;
    else
        inbox->last->next[inbox->list] = mail;
    inbox->last = mail;
    mail->refs++;
}

static void unlink_after(struct post *post, struct inbox *inbox, struct mail *before,
                         struct mail *mail)
{
    struct mail *next = mail->next[inbox->list];

    if (before == NULL)
        inbox->first = next;
    else
        before->next[inbox->list] = next;
    if (inbox->last == mail)
        inbox->last = before;
    mail_unlisted(post, mail);
}

struct mail *inbox_next(struct post *post, struct inbox *inbox, struct mail *after)
{
    struct mail *mail = after == NULL ? inbox->first : after->next[inbox->list];

    while (mail != NULL && mail->taken) { /* by way of its other list */
        struct mail *next = mail->next[inbox->list];
        unlink_after(post, inbox, after, mail);
        mail = next;
    }
    return mail;
}

void inbox_take(struct post *post, struct inbox *inbox, struct mail *mail)
{
    struct mail *before = NULL;

    for (struct mail *m = inbox->first; m != mail; m = m->next[inbox->list]) {
        ASSERT(m != NULL);
        before = m;
    }
    mail->taken = true;
    mail->refs++; /* the caller's */
    unlink_after(post, inbox, before, mail);
}

void inbox_pass(struct post *post, struct inbox *inbox, struct mail *until)
{
    while (inbox->first != NULL && inbox->first != until)
        unlink_after(post, inbox, NULL, inbox->first);
}

void inbox_pass_seq(struct post *post, struct inbox *inbox, uint64_t seq)
{
    while (inbox->first != NULL && inbox->first->seq <= seq)
        unlink_after(post, inbox, NULL, inbox->first);
}
