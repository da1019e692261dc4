/* Logs for tests, from short text: a message a line.
 *
 *     "0 alice>bob INVITE\n"
 *     "200ms bob>alice 180/INVITE\n"
 *     "500ms alice>bob INVITE copy=1 lost\n"
 *
 * Words behind the message: copy=N (of the N-th line), lost, flying (still under way), swallowed,
 * and what is in the message: cid=, tag=, branch=, forwards=.
 */
#pragma once
#include "harness/flow/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct test_flow {
    struct log *log;
    struct vars *vars;
    struct arena arena;
    struct flow *flow;
    struct flow_error error;
    uint64_t last_us; /* of the log */
    uint64_t seq;
    uint32_t parties[64];
    bool unseen[64];
    struct flow_question question;
    struct flow_answer answer;
};

/* Party numbers: alice 1, bob 2, carol 3, dave 4, dut 5, other 0. */
uint32_t test_party(struct view name);
uint64_t test_time(const char *text); /* "1.5s", "200ms", "10us", "0" */
void test_flow_begin(struct test_flow *t);
void test_log_add(struct test_flow *t, const char *text);
enum err test_flow_parse(struct test_flow *t, const char *text);
/* A message's words: late=T (our loop was, by so much), theirs (a device's), lost, swallowed …
 * Options: loose interleave fold real rough end late now=T within=T quiet=T cid=X began=T
 * unseen=NAME; without now=, it is the time of the last message, with late an hour after it. */
enum flow_state test_flow_match(struct test_flow *t, const char *options);
void test_flow_end(struct test_flow *t);

/* The diagram held against the log, whole. asked leaves the rest to the caller, test_flow_end too.
 */
void test_asked(struct test_flow *t, const char *flow, const char *log, const char *options,
                enum flow_state wanted);
void test_matches(const char *flow, const char *log, const char *options);
void test_waits(const char *flow, const char *log, const char *options);
void test_fails(const char *flow, const char *log, const char *options, uint32_t line,
                const char *sentence);
