#include "harness/options/option_table.h"
#include "harness/lua/handle.h"

#include <stddef.h>

#define AT(field) offsetof(struct options, field)
enum {
    RUN = COMMAND_RUN,
    LIST = COMMAND_LIST,
    BOTH = COMMAND_RUN | COMMAND_LIST,
    LINT = COMMAND_LINT,
    REPLAY = COMMAND_REPLAY,
    RECORD = COMMAND_RECORD,
    DEMO = COMMAND_DEMO,
    REPORT = COMMAND_REPORT,
    BASELINE = COMMAND_BASELINE,
    STATEMENT = COMMAND_STATEMENT,
    COVERAGE = COMMAND_COVERAGE,
    PROBE = COMMAND_PROBE,
    DOCTOR = COMMAND_DOCTOR,
    CONFIG = COMMAND_CONFIG,
    INIT = COMMAND_INIT,
    FACES = COMMAND_RUN | COMMAND_LINT | COMMAND_REPLAY | COMMAND_REPORT
};
#define ALL (~(unsigned)(COMMAND_VERSION | COMMAND_HELP))

/* clang-format off */
const struct option_row option_rows[] = {
    {"net", 0, "sim|real", OPTION_ONE_OF, AT(net), BOTH | REPLAY,
        "the simulated network (default) or real sockets"},
    {"target", 0, "NAME|URI", OPTION_TEXT, AT(target), BOTH,
        "the device under test: of sipwright.lua, or a SIP URI"},
    {"transport", 0, "udp|tcp|tls", OPTION_ONE_OF, AT(transport), BOTH,
        "what messages go over where a scenario names nothing (default: as the target's URI says)"},
    {"play", 0, "PARTY", OPTION_TEXT, AT(play), REPLAY,
        "who is played: a name or an address of the capture, caller (default) or callee"},
    {"target", 0, "URI", OPTION_TEXT, AT(target), REPLAY,
        "the device that the other side is: sip:bob@127.0.0.1:5080;transport=tcp"},
    {"bind", 0, "ADDRESS", OPTION_TEXT, AT(bind), REPLAY,
        "where the played party is on a real network (default: loopback, any port)"},
    {"speed", 0, "N|instant", OPTION_TEXT, AT(speed), REPLAY,
        "N times as fast as captured (default: 1); instant: at once, in virtual time if simulated"},
    {"user", 0, "NAME", OPTION_TEXT, AT(user), REPLAY,
        "whose credentials answer a challenge, in place of the captured ones"},
    {"password", 0, "WORD", OPTION_TEXT, AT(password), REPLAY,
        "the password of --user, blacked out in all that is written"},
    {"user", 0, "NAME", OPTION_TEXT, AT(user), LINT,
        "whose credentials are proven by --password"},
    {"password", 0, "WORD", OPTION_TEXT, AT(password), LINT,
        "the password of --user: credentials that it does not give are findings"},
    {"dns", 0, "ADDRESS", OPTION_TEXT, AT(dns), RUN,
        "who is asked for names over real sockets (default: the system's resolvers)"},
    {"link", 0, "NAME=VALUE", OPTION_TEXT, AT(link), RUN,
        "a bad network everywhere: loss=5%,duplicate=2%,reorder=2%,jitter=20ms,latency=50ms"},
    {"mutant", 0, "ID", OPTION_TEXT, AT(mutant), RUN,
        "the simulated device breaks one rule ('sipwright list --mutants'): which scenario sees it?"},
    {"tag", 't', "EXPRESSION", OPTION_LIST, AT(tags), BOTH,
        "scenarios with these tags: 'uas & !tls & (timer | dialog)'"},
    {"grep", 'k', "REGEX", OPTION_TEXT, AT(grep), BOTH,
        "scenarios whose id matches"},
    {"grep-invert", 0, "REGEX", OPTION_TEXT, AT(grep_invert), BOTH,
        "scenarios whose id does not"},
    {"rfc", 0, "N[#SECTION]", OPTION_LIST, AT(rfcs), BOTH,
        "scenarios that cover what this RFC asks for in this section: 3261#17.1.1"},
    {"from-list", 0, "FILE", OPTION_TEXT, AT(from_list), BOTH,
        "the scenarios of this list, as 'sipwright list' prints it"},
    {"shard", 0, "I/N|auto", OPTION_SHARD, AT(shard_index), BOTH,
        "the I-th of N parts; a new scenario moves no other; auto: as the CI system's variables say"},
    {"pass-with-no-tests", 0, NULL, OPTION_SWITCH, AT(pass_with_no_tests), RUN,
        "end with 0, not 4, where nothing is selected or all is skipped"},
    {"seed", 0, "N", OPTION_NUMBER, AT(seed), RUN | REPLAY | DEMO,
        "the seed of all chance (default: drawn, shown)"},
    {"repeat", 0, "N", OPTION_COUNT, AT(repeat), RUN,
        "each scenario N times, with seeds from N on"},
    {"until-fail", 0, NULL, OPTION_SWITCH, AT(until_fail), RUN,
        "again and again, each time with the next seed, until one fails"},
    {"for", 0, "DURATION", OPTION_DURATION, AT(for_us), RUN,
        "the same until then: 30m"},
    {"retries", 0, "N", OPTION_NUMBER, AT(retries), RUN,
        "try a failed scenario again; one that passes then is flaky"},
    {"jobs", 'j', "N", OPTION_COUNT, AT(jobs), RUN | DEMO,
        "scenarios at a time (default: one a core; against a target its jobs, or 1)"},
    {"fail-fast", 'x', NULL, OPTION_SWITCH, AT(fail_fast), RUN,
        "stop at the first that fails"},
    {"max-failures", 0, "N", OPTION_COUNT, AT(max_failures), RUN,
        "stop at the N-th that fails"},
    {"wall-limit", 0, "DURATION", OPTION_DURATION, AT(wall_limit_us), RUN,
        "real time that one scenario may take (default: 30s of work simulated)"},
    {"set", 0, "K=V", OPTION_PAIRS, AT(sets), BOTH,
        "the value of param(K)"},
    {"secret", 0, "K=V", OPTION_PAIRS, AT(secrets), BOTH,
        "the value of secret(K), blacked out in all that is written"},
    {"choice", 0, "ID=VALUE", OPTION_PAIRS, AT(choices), RUN,
        "force a decision of the network, by its id in the trace"},
    {"root", 0, "DIR", OPTION_TEXT, AT(root), BOTH,
        "the suite's folder (default: where sipwright.lua is, else PATH)"},
    {"junit", 0, "FILE", OPTION_TEXT, AT(junit), FACES | DEMO,
        "write JUnit XML (strict: into this folder)"},
    {"junit-dialect", 0, "default|strict|ant", OPTION_ONE_OF, AT(dialect), FACES,
        "for whom: most, Jenkins xUnit and Surefire, Ant"},
    {"html", 0, "FILE", OPTION_TEXT, AT(html), FACES | DEMO,
        "write one page with ladders and messages, to be read in a browser"},
    {"tap", 0, "FILE", OPTION_TEXT, AT(tap), FACES,
        "write TAP 14; -: to standard output, instead of text"},
    {"github", 0, NULL, OPTION_SWITCH, AT(github), RUN | REPLAY | REPORT,
        "for a step of a GitHub workflow: its summary, and annotations"},
    {"json", 0, "FILE", OPTION_TEXT, AT(json), RUN | REPLAY | REPORT | DEMO,
        "write all events as JSON lines; -: to standard output, instead of text"},
    {"json", 0, NULL, OPTION_SWITCH, AT(as_json), LIST,
        "as JSON lines"},
    {"ci", 0, "github|gitlab|jenkins", OPTION_ONE_OF, AT(ci), INIT,
        "write what runs the suite there, too"},
    {"target", 0, "URI", OPTION_TEXT, AT(target), INIT,
        "the device that sipwright.lua names: sip:100@192.0.2.7"},
    {"fail", 0, NULL, OPTION_SWITCH, AT(fail), DEMO,
        "with one more scenario, which fails"},
    {"tags", 0, NULL, OPTION_SWITCH, AT(list_tags), LIST,
        "the tags that scenarios have, one a line"},
    {"targets", 0, NULL, OPTION_SWITCH, AT(list_targets), LIST,
        "the targets that sipwright.lua has, one a line"},
    {"mutants", 0, NULL, OPTION_SWITCH, AT(list_mutants), LIST,
        "the mutants that the suite has, one a line"},
    {"json", 0, "FILE", OPTION_TEXT, AT(json), LINT,
        "write findings and calls as JSON lines; -: to standard output, instead of text"},
    {"json", 0, "FILE", OPTION_TEXT, AT(json), COVERAGE,
        "write it as one object; -: to standard output, instead of text"},
    {"html", 0, "FILE", OPTION_TEXT, AT(html), COVERAGE,
        "write one page by RFC and section, to be read in a browser"},
    {"results", 0, "FILE", OPTION_LIST, AT(results), COVERAGE,
        "what a run said, of 'sipwright run --json FILE'; several: beside each other"},
    {"summary", 0, NULL, OPTION_SWITCH, AT(summary), LINT,
        "a line for each capture: messages, calls, findings"},
    {"ladder", 0, NULL, OPTION_SWITCH, AT(ladder), LINT,
        "call by call, each with its ladder"},
    {"ignore", 0, "ID", OPTION_LIST, AT(ignored), RUN | LINT,
        "a rule that is not judged by; 'FMT-*': all that begin so; '*': all"},
    {"rules", 0, NULL, OPTION_SWITCH, AT(rules), LINT,
        "list the rules: id, level, section, what it demands"},
    {"keylog", 0, "FILE", OPTION_TEXT, AT(keylog), LINT | RECORD | REPLAY,
        "the keys of the TLS connections in the captures (SSLKEYLOGFILE)"},
    {"output", 'o', "FILE", OPTION_TEXT, AT(output), RECORD,
        "the file of scenarios that is written"},
    {"output", 'o', "FILE", OPTION_TEXT, AT(output), REPORT,
        "what its name ends in: .html, .xml (JUnit), .tap, .jsonl"},
    {"output", 'o', "FILE", OPTION_TEXT, AT(output), PROBE,
        "the file of the draft, such as sipwright.lua (default: standard output)"},
    {"name", 0, "NAME", OPTION_TEXT, AT(name), PROBE,
        "what the target is called in the draft (default: device)"},
    {"bind", 0, "ADDRESS", OPTION_TEXT, AT(bind), PROBE,
        "the address of ours to ask from (default: the one that leads there)"},
    {"patience", 0, "DURATION", OPTION_DURATION, AT(patience_us), PROBE,
        "how long to wait for answers (default: 2s)"},
    {"target", 0, "NAME|URI", OPTION_TEXT, AT(target), DOCTOR,
        "see whether this device can be reached, too"},
    {"json", 0, NULL, OPTION_SWITCH, AT(as_json), DOCTOR,
        "as JSON lines"},
    {"explain", 0, NULL, OPTION_SWITCH, AT(explain), CONFIG,
        "say where each value comes from"},
    {"calls", 0, "SELECTOR", OPTION_LIST, AT(calls), RECORD,
        "these calls: 1,3-5 or a Call-ID (default: all that are complete)"},
    {"calls", 0, "SELECTOR", OPTION_LIST, AT(calls), REPLAY,
        "these calls: 1,3-5 or a Call-ID (default: all)"},
    {"agents", 0, "ADDRESS=NAME", OPTION_LIST, AT(agents), RECORD | REPLAY,
        "what a party is called: 192.0.2.1=alice"},
    {"dut", 0, "ADDRESS", OPTION_TEXT, AT(dut), RECORD,
        "the party that is the device under test"},
    {"trace", 0, "DIR", OPTION_TEXT, AT(trace), RUN | REPLAY,
        "write a capture of each scenario; comments say what befell a packet"},
    {"last-failed", 0, NULL, OPTION_SWITCH, AT(last_failed), BOTH,
        "only what failed when the suite was run last"},
    {"failed-first", 0, NULL, OPTION_SWITCH, AT(failed_first), BOTH,
        "files in which something failed last run first"},
    {"baseline", 0, "FILE", OPTION_LIST, AT(baselines), RUN,
        "known failures gate no more, new ones do, and what vanished; with quarantines"},
    {"gate", 0, "must|should", OPTION_ONE_OF, AT(gate), RUN,
        "failures of lesser requirements are told, but do not gate (default: all do)"},
    {"flaky", 0, "pass|fail", OPTION_ONE_OF, AT(flaky), RUN,
        "whether what passed only when tried again gates (default: fail, it does)"},
    {"badge", 0, "FILE", OPTION_TEXT, AT(badge), RUN | REPORT,
        "write the score as a badge: FILE.json for shields.io, else SVG"},
    {"output", 'o', "FILE", OPTION_TEXT, AT(output), BASELINE,
        "the baseline that is made, or brought up to date"},
    {"only-fixed", 0, NULL, OPTION_SWITCH, AT(only_fixed), BASELINE,
        "take out what fails no more, and accept nothing else"},
    {"output", 'o', "FILE", OPTION_TEXT, AT(output), STATEMENT,
        "the file that is written (default: standard output)"},
    {"target", 0, "NAME", OPTION_TEXT, AT(target), STATEMENT,
        "the device that the results have to be of"},
    {"json", 0, NULL, OPTION_SWITCH, AT(as_json), STATEMENT,
        "as JSON"},
    {"no-wall-clock", 0, NULL, OPTION_SWITCH, AT(no_wall_clock), RUN | REPLAY | REPORT | DEMO,
        "leave wall-clock times out of the reports"},
    {"list", 0, NULL, OPTION_SWITCH, AT(list), RUN,
        "list what would run"},
    {"dry-run", 0, NULL, OPTION_SWITCH, AT(dry_run), RUN,
        "load and check everything, send nothing"},
    {"color", 0, "auto|always|never", OPTION_ONE_OF, AT(color), RUN | REPLAY | REPORT,
        "colours on the terminal"},
    {"quiet", 'q', NULL, OPTION_SWITCH, AT(quiet), RUN | REPLAY | REPORT | DEMO,
        "failures and the summary only"},
    {"unsafe", 0, NULL, OPTION_SWITCH, AT(unsafe), BOTH,
        "scenarios get io, os, debug and all of Lua"},
    {"help", 'h', NULL, OPTION_SWITCH, AT(help), ALL,
        "this text"},
};
/* clang-format on */
enum { ROW_COUNT = sizeof option_rows / sizeof *option_rows };
const size_t option_row_count = ROW_COUNT;

/* clang-format off */
const struct command_row command_rows[] = {
    {"run", COMMAND_RUN, "run [PATH[:LINE] ...] [options]",
        "run scenarios, simulated or over real sockets"},
    {"list", COMMAND_LIST, "list [PATH[:LINE] ...] [options]",
        "list scenarios"},
    {"baseline", COMMAND_BASELINE, "baseline update RESULT ... -o FILE [options]",
        "make a baseline of what runs said"},
    {"statement", COMMAND_STATEMENT, "statement RESULT ... [options]",
        "what a device claims, and what was tested of it"},
    {"coverage", COMMAND_COVERAGE, "coverage [PATH[:LINE] ...] [options]",
        "tell which requirements scenarios cover"},
    {"lint", COMMAND_LINT, "lint CAPTURE ... [options]",
        "judge captures by the RFCs"},
    {"replay", COMMAND_REPLAY, "replay CAPTURE ... [options]",
        "play captured calls"},
    {"report", COMMAND_REPORT, "report [merge] FILE ... [options]",
        "render a written run again; join its shards"},
    {"record", COMMAND_RECORD, "record CAPTURE ... -o F.lua [options]",
        "write captured calls as scenarios"},
    {"probe", COMMAND_PROBE, "probe SIP-URI [-o FILE] [options]",
        "ask a device what it can, and write a target of it"},
    {"doctor", COMMAND_DOCTOR, "doctor [SUITE] [options]",
        "see whether this machine can run scenarios over real sockets"},
    {"config", COMMAND_CONFIG, "config [PATH ...] [options]",
        "show what a run with these options goes by"},
    {"init", COMMAND_INIT, "init [DIR] [options]",
        "make a suite that passes"},
    {"demo", COMMAND_DEMO, "demo [DIR] [options]",
        "run twelve bundled scenarios"},
    {"show", COMMAND_SHOW, "show [FILE.html|DIR]",
        "open the report of a run"},
    {"generate", COMMAND_GENERATE, "generate man|bash|zsh|fish|lua|luacheck|reference",
        "print the manual, completions, editor files"},
    {"version", COMMAND_VERSION, "version",
        "print the version"},
    {"help", COMMAND_HELP, "help [COMMAND | language [NAME]]",
        "explain a command, or a word of the language"},
};
/* clang-format on */
enum { COMMAND_COUNT = sizeof command_rows / sizeof *command_rows };
const size_t command_row_count = COMMAND_COUNT;

static const char *command_name(enum command command)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (command_rows[i].command == command)
            return command_rows[i].name;
    return "";
}

/* "'run' and 'lint'" */
static void commands_name(struct buf *out, unsigned commands)
{
    const char *before = "";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if ((command_rows[i].command & commands) == 0)
            continue;
        buf_printf(out, "%s'%s'", before, command_rows[i].name);
        before = " and ";
    }
}

enum command command_find(const char *name, struct buf *complaint)
{
    const char *names[COMMAND_COUNT + 1] = {0};

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(command_rows[i].name, name) == 0)
            return command_rows[i].command;
        names[i] = command_rows[i].name;
    }
    const char *near = suggest(name, names);
    buf_printf(complaint, "there is no command '%s'; %s%s%s", name,
               near != NULL ? "did you mean 'sipwright " : "'sipwright help'",
               near != NULL ? near : "", near != NULL ? "'?" : " lists them");
    return COMMAND_NONE;
}

/* config takes whatever run does. */
bool option_taken(const struct option_row *row, enum command command)
{
    unsigned commands = command == COMMAND_CONFIG ? COMMAND_CONFIG | COMMAND_RUN : command;

    return (row->commands & commands) != 0;
}

static void elsewhere_complain(const struct option_row *row, enum command command,
                               struct buf *complaint)
{
    buf_printf(complaint, "'--%s' is an option of ", row->name);
    commands_name(complaint, row->commands);
    buf_printf(complaint, ", not of '%s'", command_name(command));
}

/* names: those that there are. */
static void unknown_complain(struct view name, const char *const *names, enum command command,
                             struct buf *complaint)
{
    char typed[64];

    snprintf(typed, sizeof typed, "%.*s", VIEW_ARG(view_head(name, sizeof typed - 1)));
    const char *near = suggest(typed, names);
    buf_printf(complaint, "there is no option '--%s'; ", typed);
    if (near != NULL)
        buf_printf(complaint, "did you mean '--%s'?", near);
    else
        buf_printf(complaint, "'sipwright %s --help' lists them", command_name(command));
}

const struct option_row *option_find(enum command command, struct view name, struct buf *complaint)
{
    const char *names[ROW_COUNT + 1] = {0};
    size_t name_count = 0;
    const struct option_row *elsewhere = NULL;

    for (size_t i = 0; i < ROW_COUNT; i++) {
        bool same = view_equal(view_of(option_rows[i].name), name);
        bool taken = option_taken(&option_rows[i], command);
        if (same && taken)
            return &option_rows[i];
        if (same)
            elsewhere = &option_rows[i];
        else if (taken)
            names[name_count++] = option_rows[i].name;
    }
    if (elsewhere != NULL)
        elsewhere_complain(elsewhere, command, complaint);
    else
        unknown_complain(name, names, command, complaint);
    return NULL;
}

const struct option_row *option_find_letter(enum command command, char letter,
                                            struct buf *complaint)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (option_rows[i].letter == letter && option_taken(&option_rows[i], command))
            return &option_rows[i];
    buf_printf(complaint, "there is no option '-%c'; 'sipwright %s --help' lists them", letter,
               command_name(command));
    return NULL;
}
