/* An action that is an HTTP request: curl makes it, for it knows TLS, digest and names. What it is
 * told goes by its standard input, so that no password stands in a list of processes.
 *
 *     return http_trigger(L, device, &action->http, within_us);
 */
#pragma once
#include "harness/agent/device.h"
#include "harness/target/target.h"

#include <lua.h>

/* Stack: the device, the action's name, its arguments as texts. Waits; a status other than 2xx is
 * an ERROR. */
int http_trigger(lua_State *L, const struct device *device, const struct http_request *http,
                 uint64_t within_us);
