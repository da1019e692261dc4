/* What a script waits for: a pattern, a status, or a function of the message.
 *
 *     struct want *want = want_at(L, 2);
 *     if (want_matches(L, want, 2, mail))
 *         take(mail);
 */
#pragma once
#include "harness/agent/mail.h"
#include "harness/api/message.h"
#include "harness/pattern/pattern.h"

struct want {
    struct arena arena;      /* of the pattern */
    struct pattern *pattern; /* NULL: a function, the userdata's uservalue */
    struct view text;        /* for sentences */
    bool bare;               /* a status without the method that it answers */
    bool any_final;          /* no pattern: every final response, generated ones too */
    bool response, final;    /* it wants responses only; final ones only */
    enum sip_method method;  /* of "200 BYE", "INVITE"; OTHER: not known */
};

void want_open(lua_State *L); /* once per state */
/* Turns the string, number or function at the index into a want, in its place. Wants of the same
 * text are the same. Raises with a mend where it is no pattern. */
struct want *want_at(lua_State *L, int index);
/* Pushes the want of tx:response() without a pattern. */
struct want *want_any_final(lua_State *L);
/* Whether the mail is of that kind; `index` is where the want stands. failed_check (may be NULL):
 * the first check of a pattern that did not hold, borrowed until the next call. */
bool want_matches(lua_State *L, struct want *want, int index, const struct mail *mail,
                  struct view *failed_check);
/* The same of a message that a script has, which stands at message_index. */
bool want_is(lua_State *L, struct want *want, int index, const struct message_info *info,
             int message_index, struct view *failed_check);
