/* What all renderings share: a run, its cases, and the events of each case.
 *
 *     struct report_run run = {.cases = cases, .case_count = n, .seed = 7};
 *     enum err err = report_junit_write(&run, JUNIT_DEFAULT, "out/junit.xml");
 *
 * A writer writes beside the target and renames, so that no half file is ever found there. "-" is
 * standard output.
 */
#pragma once
#include "core/base.h"

/* How a case stands to what was known before the run. Only what this says decides whether an
 * outcome that is not green makes the run red. */
enum standing {
    STANDING_PLAIN,       /* nothing was known: its verdict says all */
    STANDING_NEW,         /* a failure that the baseline has not: gates */
    STANDING_EXPIRED,     /* not green, and excused until a day that is past: gates */
    STANDING_VANISHED,    /* the baseline has it, the run has not: gates */
    STANDING_KNOWN,       /* a failure that the baseline has: told */
    STANDING_QUARANTINED, /* excused for a while, whatever it does: told */
    STANDING_ADVISORY,    /* not green, but nothing that this gate asks for: told */
    STANDING_FIXED,       /* it passed, and the baseline has it as a failure: told */
    STANDING_EXPECTED     /* it failed as its xfail says; its verdict is SKIP */
};
const char *standing_text(enum standing standing); /* "new", "known" …; PLAIN: "" */

struct report_case {  /* views borrowed from the run's owner */
    struct view id;   /* "scenarios/examples/basic.lua: group: name" */
    struct view file; /* path as given, relative to the suite's root where below it */
    struct view name; /* with its groups and [params] */
    uint32_t line;
    enum verdict verdict;
    struct view reason; /* one sentence; empty for PASS, but for what is told of it all the same */
    struct view detail; /* JSON object of the VERDICT event: hint, expected, actual, source file and
                           line, excerpt, section, ghost, message seq … */
    struct view rerun;  /* the line that repeats it */
    struct view pcap;   /* path of its pcap, empty: none */
    struct view net;    /* "sim" or "real" */
    struct view tags, covers; /* space-separated */
    uint64_t seed;
    uint64_t wall_us, virtual_us;
    uint32_t tries;    /* 1: at once; more with --retries */
    struct view tried; /* the reasons of the tries before the last, a line each */
    bool flaky;        /* passed after a failed try: never counted as passed */
    enum standing standing;
    struct view known; /* why it stands so, one sentence: reason, issue, owner, day */
    struct view level; /* the strongest of what it covers: "MUST", "SHOULD" …; absent: of nothing */
    uint32_t place;    /* in the whole run, from 1 on, where this run is a shard of it; else 0 */
    struct view events; /* encoded (core/base/trace_codec.h), all of the last try */
    /* The first try, where that failed and another followed; NULL: none. It has what a try has:
     * verdict, reason, detail, rerun, seed, virtual_us, events; and file and net, as the case. */
    const struct report_case *earlier;
};

/* Which part of a run this is. plan is the same in all shards of one: what was selected, and how it
 * was to run. */
struct report_shard {
    uint32_t index, count;     /* 1 to count; 0: this is all of it */
    uint64_t plan, case_count; /* of the whole */
};

/* Passed or skipped, and at once: by itself it makes no run red. */
bool report_green(const struct report_case *one);
/* Whether it makes the run red. */
bool report_gates(const struct report_case *one);
/* Not green, and yet it does not gate: it is told, and never as passed. */
bool report_excused(const struct report_case *one);

/* What a run tells of one requirement that its cases cover. */
struct report_requirement {
    struct view id, rfc, section, level; /* "CTI-001", "RFC 3261", "17.1.1.2", "MUST" */
    struct view text;                    /* what it asks for, one sentence */
    enum verdict verdict;                /* PASS: of all that put it to the test; SKIP: none did */
    struct view reason;                  /* of the first case that kept it from passing */
};

/* NORM counts as MUST; MAY and INFO count nowhere. What was only skipped is not applicable. */
struct report_score {
    uint32_t must_passed, must_applicable, should_passed, should_applicable, not_applicable;
};

struct report_run {
    const struct report_case *cases; /* by file, then as registered: not of completion */
    size_t case_count;
    uint64_t seed;
    uint64_t started_s; /* wall clock, UTC since 1970; 0: --no-wall-clock */
    uint64_t wall_us;
    struct view command_line, version, target;
    struct view link;      /* the network of the whole run, --link; empty: the usual one */
    struct view mutant;    /* how the simulated device was broken on purpose; empty: not */
    struct view net;       /* as asked for: "sim", "real"; empty: each as it can */
    struct view transport; /* by which its scenarios talk unless they say so; empty: UDP */
    struct view base;      /* absolute: attachments are told relative to it where they are below;
                              empty: by their absolute paths */
    struct view root;      /* the suite's folder as seen from where it ran; empty: the same, or not
                              below; like the command line it is told with the wall clock only */
    struct view claims;    /* what the target claims: roles, transports, option tags */
    struct view gate;      /* "must", "should"; empty: all gates */
    struct report_score score;
    struct view json; /* path of its JSON lines, for what is linked; empty: none */
    const struct report_requirement *requirements; /* in the order of the catalogue */
    size_t requirement_count;
    bool interrupted; /* a signal ended it: reports say so */
    int exit_code;
    struct report_shard shard;
};

enum junit_dialect { JUNIT_DEFAULT, JUNIT_STRICT, JUNIT_ANT };
/* DEFAULT and ANT: one file. STRICT: a path that ends in ".xml" is one file, valid against the XSD
 * of Jenkins' xUnit plugin; any other is a folder of one TEST-<suite>.xml per file of scenarios,
 * valid against that of Surefire too. */
enum err report_junit_write(const struct report_run *run, enum junit_dialect dialect,
                            const char *path) NODISCARD;
/* TAP 14, with what a failure says as YAML below it. */
enum err report_tap_write(const struct report_run *run, const char *path) NODISCARD;
/* JSON lines, versioned ("v":1): the run, then each case with its events, then the run's end. */
enum err report_json_write(const struct report_run *run, const char *path) NODISCARD;
/* What report_json_write wrote, given back: writing it again gives the same bytes. A file that
 * breaks off before its end, or lacks a verdict, is a run that was interrupted. On failure out_line
 * is the line that is wrong, 0 when the file could not be read: SYNTAX, UNSUPPORTED (another
 * version), ABSENT, IO, MEMORY. */
struct report_read;
enum err report_json_read(const char *path, struct report_read **out, size_t *out_line) NODISCARD;
const struct report_run *report_read_run(const struct report_read *read);
void report_read_destroy(struct report_read *read);
/* One capture of one case: pcapng, whatever its name ends in, with comments on what befell a
 * packet. */
enum err report_pcap_write(const struct report_case *one, const char *path) NODISCARD;
/* What the scenario attached, a file each beside its capture. */
enum err report_attachments_write(const struct report_case *one) NODISCARD;
/* The keys of its TLS connections, by which Wireshark reads a capture of the real network. Nothing
 * is written where it had none. */
enum err report_keys_write(const struct report_case *one, const char *path) NODISCARD;
/* One page for people: verdict, cases, ladders, messages; it asks for nothing else. Files are
 * linked relative to it. */
enum err report_html_write(const struct report_run *run, const char *path) NODISCARD;
/* The score, or where nothing is covered how many passed: an endpoint of shields.io where the name
 * ends in ".json", else a picture (SVG) that asks for nothing. */
enum err report_badge_write(const struct report_run *run, const char *path) NODISCARD;
/* The text ladder of a case: lanes, arrows, lost messages, copies, the ghost. width: columns. */
void report_ladder_write(struct buf *out, const struct report_case *one, unsigned width);
/* Mermaid sequenceDiagram of a case, as t:flow would accept it. */
void report_mermaid_write(struct buf *out, const struct report_case *one);

/* Bytes of somebody else's making, in a file that is there whole or not at all. */
enum err report_file_write(const char *path, struct view bytes) NODISCARD;

struct console;
struct console_options {
    bool terminal;          /* a bar and what runs now; else a line each */
    bool colour;            /* the caller has looked at NO_COLOR, FORCE_COLOR, TERM, --color */
    unsigned width, height; /* 0: not known */
    uint32_t case_count;    /* 0: not known */
    bool quiet;
    /* Writes out; the console never does. */
    void (*write)(void *ctx, struct view text);
    void *ctx;
};
enum err console_create(const struct console_options *options, struct console **out) NODISCARD;
void console_begin(struct console *console,
                   const struct report_run *run); /* header: seed, net, count */
struct console_item {                             /* a scenario that runs */
    struct view name;
    struct view waits; /* what it waits for; empty: not known */
    uint64_t for_us;   /* how long it has run, of real time */
};
/* What runs now, for the bar and the lines below it. */
void console_running(struct console *console, const struct console_item *items, size_t count);
/* Lines that somebody asked for; they stay, above the bar. */
void console_note(struct console *console, struct view text);
void console_case(struct console *console,
                  const struct report_case *one); /* a line; failures in full */
void console_end(struct console *console,
                 const struct report_run *run); /* failures again, summary */
void console_destroy(struct console *console);

/* What people call it: its name, or where it has none its id. */
struct view report_name(const struct report_case *one);
/* A path-safe name for files of a case: "basic_a-call-is-set-up". Into room, terminated. */
struct view report_slug(const struct report_case *one, char *room, size_t room_len);
