#include "harness/captured/captured_fixture.h"

const char captured_call[] = "scenario('a call', function(t)\n"
                             "  local alice, bob = t:agents('alice', 'bob')\n"
                             "  local call = alice:invite(bob)\n"
                             "  local leg = bob:expect_invite()\n"
                             "  leg:ring()\n"
                             "  t:sleep('2s')\n"
                             "  leg:answer()\n"
                             "  leg:wait('confirmed')\n"
                             "  call:bye()\n"
                             "  leg:wait('terminated')\n"
                             "end)\n";

const char *captured(const char *lua)
{
    test_folder_file(cli_folder(), "a.lua", lua);
    CLI("run", cli_path("a.lua"), "--trace", cli_path("pcaps"), "--seed", "7");
    cli_code(0);
    return cli_path("pcaps/a_a-call.pcap");
}
