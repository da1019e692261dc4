/* The checks of a pattern, "[From.tag ~ \"^a\", !Contact, Via[2].branch = $b]". Private to
 * harness/pattern.
 *
 *     checks_parse(&lex, &checks);
 *     bool held = checks_hold(&checks, msg, vars, room, &failed);
 */
#pragma once
#include "harness/pattern/lex.h"

enum check_op {
    CHECK_PRESENT,
    CHECK_ABSENT,
    CHECK_IS,
    CHECK_IS_NOT,
    CHECK_MATCHES,
    CHECK_LESS,
    CHECK_MORE
};

struct check {
    enum check_op op;
    struct view text; /* as it was written */
    struct view path;
    struct view value; /* the literal, or the name behind "$" */
    bool is_variable;
    struct check *next;
};

struct checks {
    struct check *first, *last;
};

/* The opening bracket was taken; adds to what is there. */
void checks_parse(struct lex *lex, struct checks *checks);

enum { CHECK_ROOM = 192 };
/* All of them; binds variables, also where one fails. room and out_failed get the text of that one.
 */
bool checks_hold(const struct checks *checks, struct sip_msg *msg, struct vars *vars, char *room,
                 struct view *out_failed);
