/* The tidy-up after a scenario: what is still up is ended, in the trace, but no flow sees it. */
#pragma once
#include <lua.h>

int tidy_run(lua_State *L); /* a task: it waits until all is down, for a while */
