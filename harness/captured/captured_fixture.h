/* Captures that the program makes of its own runs, for tests of what reads them.
 *
 *     const char *pcap = captured(captured_call);
 */
#pragma once
#include "harness/run/cli_fixture.h"

extern const char captured_call[]; /* alice calls bob, who answers after two seconds */

/* The path of what the scenario "a call" of this text sends, with seed 7. */
const char *captured(const char *lua);
