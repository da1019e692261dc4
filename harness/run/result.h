/* How a case ended: what its worker said of it, or what we say of a worker that said nothing.
 *
 *     enum err err = result_take(one, frame->body, &arena);
 *     if (!case_green(one))
 *         exit_code = 1;
 */
#pragma once
#include "harness/run/cases.h"

/* Texts are copied to the arena. ERR_SYNTAX: it is no result. */
enum err result_take(struct run_case *one, struct view body, struct arena *arena) NODISCARD;
/* An ERROR with this sentence; hint may be absent. */
enum err result_error(struct run_case *one, struct view sentence, struct view hint,
                      struct arena *arena) NODISCARD;
enum err result_lost(struct run_case *one, const struct pool_loss *loss,
                     struct arena *arena) NODISCARD;
enum err result_load_failure(struct run_case *one, struct arena *arena) NODISCARD;
void result_skip(struct run_case *one, struct view reason); /* borrowed */
bool case_green(const struct run_case *one); /* passed at once, skipped, or failed as expected */
