/* Which message is meant: "INVITE", "200", "2xx INVITE", "180|183", "timeout", "*", each with
 * checks
 * "[From.tag ~ \"^a\", !Contact, Via[2].branch = $b]". The same in expect, flows, faults,
 * t:messages.
 *
 *     enum err err = pattern_parse(text, &arena, &pattern, &error);
 *     if (pattern_match(pattern, &subject, vars, NULL))
 *         take(subject);
 */
#pragma once
#include "core/core.h"

struct pattern;
struct vars; /* $name -> value; bound at first use, equal after that */

struct pattern_error {
    size_t offset;      /* into the text */
    char sentence[200]; /* with a mend: "unknown method 'INVTIE'; did you mean INVITE?" */
};

struct pattern_subject {
    struct sip_msg *msg;
    bool generated;       /* a 408 or 503 of the stack: only `timeout` and `unreachable` match */
    enum net_error error; /* of a generated one: NET_TIMEOUT is timeout, all else unreachable */
};

enum err vars_create(struct vars **out) NODISCARD;
void vars_destroy(struct vars *vars);
size_t vars_mark(const struct vars *vars);       /* for backtracking: */
void vars_reset(struct vars *vars, size_t mark); /* forgets what was bound since */

/* Parsed into the arena. ERR_SYNTAX: error is filled. */
enum err pattern_parse(struct view text, struct arena *arena, struct pattern **out,
                       struct pattern_error *error) NODISCARD;
/* failed_check (may be NULL) gets the text of the first check that did not hold, where the message
 * itself was of the right kind: "Max-Forwards = 69 (it is 70)", in room of the pattern's arena. */
bool pattern_match(const struct pattern *pattern, const struct pattern_subject *subject,
                   struct vars *vars, struct view *failed_check);
struct view pattern_text(const struct pattern *pattern); /* as it was written */
bool pattern_is_response(
    const struct pattern *pattern); /* a status or class, timeout, unreachable */
bool pattern_names_method(const struct pattern *pattern); /* "200 BYE", not "200" */
/* Whether a message that can still come could match: for "fails at once when it can come no more".
 */
bool pattern_wants_final(const struct pattern *pattern); /* only statuses of 200 and more */
/* A whole line of faults and t:messages: "alice->>bob: INVITE [..]". */
struct pattern_line {
    struct view from, to; /* "*": everybody */
    struct pattern *pattern;
};
enum err pattern_line_parse(struct view text, struct arena *arena, struct pattern_line *out,
                            struct pattern_error *error) NODISCARD;

/* PCRE2 with a match limit, compiled once per text and cached: 1 match, 0 none, -1 the limit was
 * reached or the expression is wrong (error says so). */
int regex_match(struct view expression, struct view subject, struct pattern_error *error);
