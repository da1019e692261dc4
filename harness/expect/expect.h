/* expect(value, what): the checks of the scenario language. Each counts as an assertion; one that
 * does not hold ends the scenario, unless it is soft; an expect without any fails it at its end.
 *
 *     expect(call.last_response.status, "status"):one_of{ 486, 600 }
 *     expect.soft(msg.from.tag):matches("^[0-9a-f]+$")
 */
#pragma once
#include "core/core.h"

#include <lua.h>

void expect_open(lua_State *L); /* the global expect */
