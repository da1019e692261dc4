#include "harness/captured/lint.h"

#include "harness/captured/capture_file.h"
#include "harness/captured/keyfit.h"
#include "harness/captured/lint_calls.h"
#include "harness/captured/lint_ids.h"
#include "harness/captured/lint_rules.h"
#include "harness/options/exit_code.h"
#include "harness/run/files.h"
#include "harness/run/screen.h"

struct lint {
    const struct options *options;
    struct lint_rules rules;
    struct lint_report report;
    struct case_book book;
    uint64_t must; /* of all captures */
    struct keyfit keyfit;
    /* of one capture: */
    struct capture *capture;
    struct monitor *monitor;  /* NULL: no rule is judged by */
    struct lint_calls *calls; /* NULL: nothing is told by calls */
    struct lint_sums sums;
    struct lint_ids ids;
    uint64_t last_us;
};

static enum err finding_take(struct lint *lint, const struct finding *finding)
{
    struct lint_finding told;
    if (lint->rules.off[rule_index(finding->rule)])
        return ERR_OK;
    lint->must += finding->rule->level == RULE_MUST;
    lint_finding_of(finding, &told);
    lint_report_finding(&lint->report, &told);
    return lint->calls == NULL ? ERR_OK : lint_calls_finding(lint->calls, &told);
}

static enum err findings_take(struct lint *lint)
{
    struct finding finding;
    enum err err = ERR_OK;
    while (err == ERR_OK && lint->monitor != NULL && monitor_next(lint->monitor, &finding))
        err = finding_take(lint, &finding);
    return err;
}

static enum err message_judge(struct lint *lint, const struct captured *message,
                              struct sip_msg *msg)
{
    struct seen seen = {.seq = message->frame,
                        .time_us = message->time_ns / 1000,
                        .source = message->source,
                        .target = message->target,
                        .proto = carrier_proto(message->carrier),
                        .sent = true,
                        .given = true,
                        .msg = msg};
    lint->last_us = seen.time_us;
    enum err err = lint_ids_add(&lint->ids, sip_msg_call_id(msg));
    if (err == ERR_OK && lint->calls != NULL)
        err = lint_calls_message(lint->calls, message, msg);
    if (err == ERR_OK && lint->monitor != NULL)
        err = monitor_see(lint->monitor, &seen);
    return err == ERR_OK ? findings_take(lint) : err;
}

static enum err message_take(struct lint *lint, const struct captured *message)
{
    struct sip_msg *msg;
    enum err err = ERR_SYNTAX;
    lint->sums.messages++;
    if (!message->cut)
        err = sip_msg_parse(message->bytes, carrier_framing(message->carrier), &msg);
    if (err != ERR_OK) {
        lint->sums.unread++;
        return err == ERR_MEMORY ? err : ERR_OK;
    }
    err = message_judge(lint, message, msg);
    sip_msg_unref(msg);
    return err;
}

static enum err messages_take(struct lint *lint)
{
    struct captured message;
    enum err err = ERR_OK;
    while (err == ERR_OK && capture_next(lint->capture, &message))
        err = message_take(lint, &message);
    if (err == ERR_OK && lint->monitor != NULL)
        monitor_end(lint->monitor, lint->last_us);
    if (err == ERR_OK)
        err = findings_take(lint);
    if (err == ERR_OK && lint->calls != NULL)
        err = lint_calls_end(lint->calls);
    if (err == ERR_OK && capture_failure(lint->capture, NULL) == ERR_MEMORY)
        err = ERR_MEMORY;
    return err;
}

/* Without a message of SIP there is nothing that could be judged. */
static void nothing_complain(const struct capture *capture)
{
    struct buf complaint = {0};
    capture_without_sip(capture, &complaint);
    screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
}

static int summarize(struct lint *lint)
{
    struct buf unread = {0};
    capture_counts(lint->capture, &lint->sums.capture);
    capture_failure(lint->capture, &lint->sums.why);
    capture_unread(lint->capture, &unread);
    lint->sums.calls = lint_ids_count(&lint->ids);
    lint_report_summary(&lint->report, &lint->sums);
    keyfit_take(&lint->keyfit, lint->capture);
    if (lint->sums.messages > 0)
        lint_report_note(&lint->report, buf_view(&unread));
    else
        nothing_complain(lint->capture);
    buf_deinit(&unread);
    return lint->sums.messages > 0 ? EXIT_ALL_PASSED : EXIT_USAGE;
}

static enum err judges_create(struct lint *lint)
{
    enum err err = ERR_OK;
    const struct options *asked = lint->options;
    struct monitor_options options = {.capture = true};
    if (asked->user != NULL) {
        options.user = view_of(asked->user);
        options.password = view_of(asked->password);
    }
    if (!lint->rules.none)
        err = monitor_create(&options, &lint->monitor);
    if (err == ERR_OK && lint_calls_wanted(lint->options))
        err = lint_calls_create(lint->options, &lint->report, &lint->book, &lint->calls);
    return err;
}

static void file_close(struct lint *lint)
{
    lint_calls_destroy(lint->calls);
    monitor_destroy(lint->monitor);
    capture_close(lint->capture);
    lint_ids_deinit(&lint->ids);
    lint->calls = NULL;
    lint->monitor = NULL;
    lint->capture = NULL;
}

static int file_judge(struct lint *lint, const char *path)
{
    lint->sums = (struct lint_sums){0};
    lint_report_file(&lint->report, path);
    int code = capture_file_open(lint->options, path, &lint->capture);
    if (code != EXIT_ALL_PASSED)
        return code;
    enum err err = judges_create(lint);
    if (err == ERR_OK)
        err = messages_take(lint);
    if (err == ERR_OK) {
        code = summarize(lint);
    } else {
        code = EXIT_ENVIRONMENT;
        screen_complain(view_of(err_text(err)));
    }
    file_close(lint);
    return code;
}

static int files_judge(struct lint *lint)
{
    int worst = EXIT_ALL_PASSED;
    for (size_t i = 0; i < lint->options->paths.count; i++) {
        int code = file_judge(lint, lint->options->paths.items[i]);
        worst = code > worst ? code : worst;
    }
    int code = keyfit_end(&lint->keyfit);
    worst = code > worst ? code : worst;
    return worst == EXIT_ALL_PASSED && lint->must > 0 ? EXIT_FAILED : worst;
}

/* JSON lines are written as they come, and not by the book. */
static bool cases_write(struct lint *lint)
{
    struct options options = *lint->options;
    struct report_run run = {.version = V(SIPWRIGHT_VERSION), .net = V("capture")};
    options.json = NULL;
    if (!lint_cases_wanted(&options))
        return true;
    enum err err = case_book_settle(&lint->book, &run);
    if (err != ERR_OK)
        screen_complain(view_of(err_text(err)));
    return err == ERR_OK && files_write(&options, &run);
}

static int lint_run(struct lint *lint)
{
    int code = EXIT_ENVIRONMENT;
    if (!lint_rules_choose(lint->options, &lint->rules))
        return EXIT_USAGE;
    if (lint_report_open(&lint->report, lint->options) == ERR_OK)
        code = files_judge(lint);
    if (!cases_write(lint))
        code = EXIT_ENVIRONMENT;
    return lint_report_close(&lint->report) == ERR_OK ? code : EXIT_ENVIRONMENT;
}

static int rules_print(void)
{
    struct buf out = {0};
    lint_rules_list(&out);
    bool told = screen_say(&out);
    buf_deinit(&out);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

int command_lint(const struct options *options)
{
    if (options->rules)
        return rules_print();
    if (options->paths.count == 0) {
        screen_complain(V("lint: which capture? (sipwright lint CAPTURE ...)"));
        return EXIT_USAGE;
    }
    if ((options->user == NULL) != (options->password == NULL)) {
        screen_complain(V("lint: --user and --password go together: --user NAME --password WORD"));
        return EXIT_USAGE;
    }
    if (files_check(options) != EXIT_ALL_PASSED)
        return EXIT_USAGE;
    struct lint *lint = mem_zalloc(sizeof *lint);
    if (lint == NULL)
        return EXIT_ENVIRONMENT;
    lint->options = options;
    int code = lint_run(lint);
    case_book_deinit(&lint->book);
    mem_free(lint);
    sip_msg_pool_drop();
    return code;
}
