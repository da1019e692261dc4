/* The triggers register and unregister of the device that sipwright plays: rows of builtin_actions.
 */
#pragma once
#include "harness/agent/builtin.h"

/* At the scenario's registrar that was made last. ERR_ABSENT: there is none so far. */
enum err builtin_register(struct agent *agent, struct call *none, const struct builtin_aim *aim);
/* Takes back what it has registered last. ERR_ABSENT: nothing so far. */
enum err builtin_unregister(struct agent *agent, struct call *none, const struct builtin_aim *aim);
