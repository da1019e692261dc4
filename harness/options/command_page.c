#include "harness/options/command_page.h"

/* clang-format off */
#define EXITS(...)    (const struct exit_row[]){__VA_ARGS__, {NULL, NULL}}
#define EXAMPLES(...) (const struct example_row[]){__VA_ARGS__, {NULL, NULL}}

static const struct command_page pages[] = {
    {COMMAND_RUN,
        "Runs every scenario of the files that PATH names; a folder means all files *.lua below it but those "
        "whose name begins with _, and :LINE the scenario around that line. Without a PATH it is the folder "
        "where one is.\n"
        "Each scenario has a network, a clock and a Lua state of its own. Simulated, all chance comes from the "
        "seed, and the same seed gives the same bytes; with --net real or --target the same files go over "
        "sockets. A failure is shown with its line, its ladder and the command that repeats it.",
        EXITS({"0", "all passed"}, {"1", "a scenario failed"}, {"2", "usage or configuration"},
              {"3", "a file does not load"}, {"4", "nothing was selected"},
              {"5", "the environment (a port, the target, a report)"}, {"70", "a fault of sipwright's own"},
              {"130 or 143", "a signal"}),
        EXAMPLES({"sipwright run", "all scenarios of this folder, simulated"},
                 {"sipwright run calls.lua:12 --seed 7", "the scenario around that line, with this seed"},
                 {"sipwright run --tag 'uas & !tls' --junit out/junit.xml", "some of them, for a CI system"},
                 {"sipwright run --target sip:100@192.0.2.7", "a telephone"})},
    {COMMAND_LIST,
        "Loads the files and lists the scenarios that run would run, a line each: file, line, name and tags. "
        "Nothing is sent.",
        EXITS({"0", "there are some"}, {"2", "usage or configuration"}, {"3", "a file does not load"},
              {"4", "there is none"}, {"5", "the environment"}),
        EXAMPLES({"sipwright list --tag timer", "those with this tag"},
                 {"sipwright list --json", "all, for other programs"})},
    {COMMAND_LINT,
        "Reads SIP out of pcap and pcapng files, whatever carried it, and says what in it breaks the RFCs: who "
        "did it, in which frames, by which section.",
        EXITS({"0", "no MUST is broken"}, {"1", "one is"}, {"2", "not a capture or one without SIP"},
              {"5", "it cannot be read, or the report not be written"}),
        EXAMPLES({"sipwright lint call.pcap", "what is wrong in it"},
                 {"sipwright lint call.pcap --ladder", "call by call"},
                 {"sipwright lint --rules", "the rules that it knows"})},
    {COMMAND_REPLAY,
        "Plays one party of captured calls again, against the stack or (--target) a device, and says where the "
        "other side answers otherwise than it did.",
        EXITS({"0", "each call is as captured"}, {"1", "one is not (or the capture has not all of it)"},
              {"2", "usage, or no capture of SIP"}, {"4", "nothing could be replayed"},
              {"5", "the environment (a port, the target, a report)"}),
        EXAMPLES({"sipwright replay call.pcap --speed instant", "simulated, at once"},
                 {"sipwright replay call.pcap --target sip:100@192.0.2.7", "to a telephone"})},
    {COMMAND_RECORD,
        "Writes captured calls as a file of scenarios: an agent for each party, the messages in their order, and "
        "the flow as it was.",
        EXITS({"0", "it is written"}, {"2", "not a capture, or a call or party that is not in it"},
              {"5", "not all of it can be written"}),
        EXAMPLES({"sipwright record call.pcap -o call.lua", "every complete call"})},
    {COMMAND_REPORT,
        "Reads what run --json wrote and renders it again, in any of its faces; merge joins the files of shards "
        "into one run first.",
        EXITS({"0", "all passed in it"}, {"1", "a scenario failed in it"}, {"2", "not the events of a run, or of another version"},
              {"5", "it cannot be read, or the report not be written"}),
        EXAMPLES({"sipwright report out/events.jsonl --html out/report.html", "the page of a run"},
                 {"sipwright report merge shard-1.jsonl shard-2.jsonl --html out/report.html", "of its shards"})},
    {COMMAND_BASELINE,
        "Makes a baseline of the JSON lines that runs wrote: which scenarios passed, failed and were skipped. What "
        "people wrote into the file (reasons, owners, days) is kept.",
        EXITS({"0", "it is written"}, {"2", "usage, or not the results of a run"}, {"5", "it cannot be read or written"}),
        EXAMPLES({"sipwright baseline update out/events.jsonl -o desk_phone.json", "of one run"})},
    {COMMAND_STATEMENT,
        "Says of a device what it claims, what of that was tested, and how it went: a conformance statement of the "
        "JSON lines that runs wrote.",
        EXITS({"0", "it is written"}, {"2", "usage, or not the results of a run"}, {"5", "it cannot be read or written"}),
        EXAMPLES({"sipwright statement out/events.jsonl", "as Markdown"})},
    {COMMAND_COVERAGE,
        "Says of each requirement of the catalogue which scenarios of PATH cover it, which rules of the monitor judge "
        "it, which code cites its section, and (--results) what runs said of it. What nothing covers is listed, "
        "with the reason where one is known.",
        EXITS({"0", "it is told"}, {"2", "usage, or not the results of a run"}, {"3", "a file does not load"},
              {"4", "there is no scenario"}, {"5", "it cannot be read or written"}),
        EXAMPLES({"sipwright coverage scenarios --results out/events.jsonl", "and how it went"},
                 {"sipwright coverage scenarios --results a.jsonl --results b.jsonl --html out/coverage.html", "two devices beside each other"})},
    {COMMAND_PROBE,
        "Asks a device by OPTIONS, over each transport, what it can, and writes a target of it: a draft of "
        "sipwright.lua, to be looked over.",
        EXITS({"0", "it answered, and the draft is written"}, {"2", "usage"}, {"5", "it does not answer, or the draft cannot be written"}),
        EXAMPLES({"sipwright probe sip:100@192.0.2.7 -o sipwright.lua", "of a telephone"})},
    {COMMAND_DOCTOR,
        "Looks at what a run over real sockets needs of this machine: sockets by each transport, ports, the clock, "
        "limits, resolvers, rights, programs; with --target whether the device answers. What is not good has a mend.",
        EXITS({"0", "no run has to fail by it"}, {"2", "usage or configuration"}, {"5", "no run over real sockets is to be trusted"}),
        EXAMPLES({"sipwright doctor --target sip:100@192.0.2.7", "and whether the telephone answers"})},
    {COMMAND_CONFIG,
        "Shows what a run with these options would go by; it takes all options of run. With --explain where each "
        "value comes from: the command line, the environment, sipwright.lua, or by default.",
        EXITS({"0", "it is shown"}, {"2", "usage or configuration"}, {"5", "standard output takes nothing"}),
        EXAMPLES({"sipwright config --explain --target device", "of a run against this target"})},
    {COMMAND_INIT,
        "Makes a suite in DIR (default: this folder) that passes as it is: sipwright.lua with a target, two "
        "scenarios, what the Lua language server and luacheck want to know of the language, and with --ci what "
        "runs it there. It overwrites nothing: where a file is there already it writes none at all.",
        EXITS({"0", "it is there"}, {"2", "usage, or a file is there already"}, {"5", "it cannot be written"}),
        EXAMPLES({"sipwright init phone-tests", "a new folder"},
                 {"sipwright init phone-tests --target sip:100@192.0.2.7 --ci gitlab", "for a telephone, gated by GitLab"})},
    {COMMAND_DEMO,
        "Puts twelve scenarios into DIR (default: sipwright-demo) and runs them in virtual time: a call, forks, "
        "loss, a device that says nothing for 32 seconds, registration, transfer, TLS. Their report lies beside "
        "them. They are there to be read and changed: what is there already stays as it is.",
        EXITS({"0", "all passed"}, {"1", "one failed: --fail, or it was changed"}, {"2", "usage"},
              {"3", "a file was changed and does not load"}, {"5", "it cannot be written"}),
        EXAMPLES({"sipwright demo", "twelve that pass"}, {"sipwright demo --fail", "and how a failure looks"})},
    {COMMAND_SHOW,
        "Opens the report in a browser where there is a desktop, and prints where it lies. Without a name it is "
        "report.html here, in out, or in sipwright-demo.",
        EXITS({"0", "it is there"}, {"2", "there is none"}, {"5", "standard output takes nothing"}),
        EXAMPLES({"sipwright show", "the one of this folder"}, {"sipwright show out/report.html", "this one"})},
    {COMMAND_GENERATE,
        "Prints what other programs want to know of this one: man (this manual, for man -l), bash, zsh, fish "
        "(completions), lua (sipwright.d.lua, for the Lua language server), luacheck (.luacheckrc), reference (all "
        "words of the language, as Markdown). All of it comes from the tables that the program itself goes by.",
        EXITS({"0", "it is printed"}, {"2", "there is no such thing"}, {"5", "it cannot be written"}),
        EXAMPLES({"sipwright generate bash > ~/.local/share/bash-completion/completions/sipwright",
                  "completions for one user"},
                 {"sipwright generate lua > _editor/sipwright.d.lua", "of a newer version"})},
    {COMMAND_VERSION, "Prints the version.", EXITS({"0", "it is printed"}), EXAMPLES({"sipwright version", "one line"})},
    {COMMAND_HELP, "Explains a command and its options; after language what a word of scenarios does, takes and gives.", EXITS({"0", "it is printed"}, {"2", "there is no such command"}),
        EXAMPLES({"sipwright help run", "the options of run"}, {"sipwright help language call:ring", "one method"})},
};

const struct named_row environment_rows[] = {
    {"NO_COLOR",    "not empty: no colours, unless --color says otherwise"},
    {"FORCE_COLOR", "not empty: colours even where standard output is no terminal; 0: none"},
    {"DISPLAY", "show opens a browser where this or the next is set"},
    {"WAYLAND_DISPLAY", "likewise"},
    {"TERM",        "dumb: no colours and no bar"},
    {"COLUMNS",     "how wide the terminal is, where it does not say so itself"},
    {"JOB_COMPLETION_INDEX, SIPWRIGHT_SHARDS; CI_NODE_INDEX, CI_NODE_TOTAL; CIRCLE_NODE_INDEX, "
     "CIRCLE_NODE_TOTAL; BUILDKITE_PARALLEL_JOB, BUILDKITE_PARALLEL_JOB_COUNT",
                    "what --shard auto goes by: of Kubernetes, GitLab, CircleCI, Buildkite"},
    {"CI_PROJECT_DIR", "GitLab's: attachments in JUnit are named from there"},
    {"GITHUB_STEP_SUMMARY", "the file that --github adds its summary to"},
    {"GITHUB_WORKSPACE", "the folder that the annotations of --github name files from"},
    {"PATH", "where the programs are that a target, an action or doctor asks for"},
    {"TMPDIR",      "where events wait that memory has no room for (default: /tmp)"},
    {"SIPWRIGHT_SECRET_NAME", "the value of secret(\"NAME\") in scenarios and sipwright.lua, where --secret does not give it"},
    {NULL, NULL}
};

const struct named_row file_rows[] = {
    {"sipwright.lua", "the suite's configuration; its folder is the suite's root, beyond which no scenario reaches"},
    {"_*",            "files and folders of helpers: no scenarios are looked for in them"},
    {NULL, NULL}
};
/* clang-format on */

const struct command_page *command_page_of(enum command command)
{
    size_t i = 0;

    while (i < sizeof pages / sizeof *pages && pages[i].command != command)
        i++;
    ASSERT(i < sizeof pages / sizeof *pages);
    return &pages[i];
}
