/* What goes on while a trigger waits: a program that runs, or a person at the terminal who was
 * asked.
 *
 *     return acting_run(L, device, &program);
 */
#pragma once
#include "harness/agent/device.h"
#include "harness/host/child.h"
#include "harness/target/target.h"

#include <lua.h>

/* What the end of a program means. Either raises, or says nothing: it is done. */
typedef void acting_judge(lua_State *L, const struct device *device, const struct child *child,
                          const struct process_end *end);

struct acting_program {
    const char *const *argv;
    struct view input;
    uint64_t within_us;  /* it has to end by then */
    acting_judge *judge; /* NULL: its exit code has to be 0 */
};

/* Stack: the device, the action's name, … Each waits, and gives nothing; raises an ERROR that says
 * what went wrong, and what the program has said. */
int acting_run(lua_State *L, const struct device *device, const struct acting_program *program);
int acting_ask(lua_State *L, const struct device *device, struct view what, uint64_t within_us);
