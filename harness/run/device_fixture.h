/* A device that a run starts itself: another sipwright, which plays the scenarios of _device.lua.
 *
 *     device_suite("scenario('device', { net = 'real' }, function(t)\n"
 *                  "  t:agent('phone', { port = port }) …",
 *                  "scenario('asks', function(t) …",
 *                  "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port, %s } } }",
 *                  keys);
 *     CLI("run", cli_path("s.lua"), "--target", "phone");
 *
 * In each file `port` and `sipwright`, the path of the program, are known.
 */
#pragma once
#include "harness/run/cli_fixture.h"

unsigned device_port(void); /* this one and the next three are the test's */
/* A file of the test's folder that knows both. */
void device_file(const char *path, const char *text);
/* _device.lua, s.lua and, printed by the format, sipwright.lua. */
void device_suite(const char *device, const char *scenarios, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
