/* What the world can refuse. Faults of a peer are not errors: they are data (struct sip_fault).
 *
 *     enum err err = blob_create(bytes, &blob);
 *     if (err != ERR_OK)
 *         return err;
 */
#pragma once
#include "core/base/view.h"

#define ERR_LIST(X)                                                                                \
    X(OK, "success")                                                                               \
    X(SYNTAX, "does not match the grammar")                                                        \
    X(LIMIT, "a fixed limit was reached")                                                          \
    X(MEMORY, "out of memory")                                                                     \
    X(STATE, "not possible in this state")                                                         \
    X(GONE, "the object is gone")                                                                  \
    X(ABSENT, "there is no such thing")                                                            \
    X(CONFLICT, "it is there already")                                                             \
    X(UNSUPPORTED, "not supported here")                                                           \
    X(IO, "the system refused it")

enum err {
#define ERR_ENUM(name, text) ERR_##name,
    ERR_LIST(ERR_ENUM)
#undef ERR_ENUM
};

#define NODISCARD __attribute__((warn_unused_result))

const char *err_text(enum err err); /* one lower-case phrase */

/* A broken program, not a broken peer: stops, in release builds too. */
#define ASSERT(cond) ((cond) ? (void)0 : assert_failed(#cond, __FILE__, __LINE__))
_Noreturn void assert_failed(const char *what, const char *file, int line);
