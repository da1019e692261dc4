/* The calls of a capture with the findings about them: a ladder each, a case each for the reports,
 * a line each for JSON.
 *
 *     enum err err = lint_calls_create(&options, &report, &book, &calls);
 *     err = lint_calls_message(calls, &message, msg);
 *     err = lint_calls_finding(calls, &finding);
 *     err = lint_calls_end(calls);
 *     lint_calls_destroy(calls);
 *
 * A call is held until the capture's end, where all that is wrong with it is known. Where there is
 * too much for that, what is found later is told by itself.
 */
#pragma once
#include "harness/captured/case_book.h"
#include "harness/captured/lint_report.h"

struct lint_calls;
bool lint_calls_wanted(const struct options *options);
/* Calls as cases, for reports that are written at the end. */
bool lint_cases_wanted(const struct options *options);
/* All of them borrowed. */
enum err lint_calls_create(const struct options *options, struct lint_report *report,
                           struct case_book *book, struct lint_calls **out) NODISCARD;
enum err lint_calls_message(struct lint_calls *calls, const struct captured *message,
                            struct sip_msg *msg) NODISCARD;
enum err lint_calls_finding(struct lint_calls *calls, const struct lint_finding *finding) NODISCARD;
enum err lint_calls_end(struct lint_calls *calls) NODISCARD;
void lint_calls_destroy(struct lint_calls *calls); /* NULL is fine */
