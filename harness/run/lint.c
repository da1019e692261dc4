#include "harness/run/lint.h"
#include "harness/run/command.h"
#include "harness/run/lint_report.h"
#include "harness/run/screen.h"

struct lint {
    const struct options *options;
    struct capture *capture;
    struct monitor *monitor;
    struct lint_report report;
    uint64_t must;
    uint64_t unread; /* messages that the capture has not whole, or that are none */
    uint64_t last_us;
    struct buf misfit; /* what is said of a key log that has the keys of none of the captures */
    bool fitted;
};

static bool ignored(const struct lint *lint, const struct finding *finding)
{
    for (size_t i = 0; i < lint->options->ignored.count; i++)
        if (strcmp(lint->options->ignored.items[i], finding->rule->id) == 0)
            return true;
    return false;
}

static void findings_take(struct lint *lint)
{
    struct finding finding;
    while (monitor_next(lint->monitor, &finding)) {
        if (ignored(lint, &finding))
            continue;
        lint->must += finding.rule->level == RULE_MUST;
        lint_report_finding(&lint->report, &finding);
    }
}

static enum err message_judge(struct lint *lint, const struct captured *message)
{
    struct sip_msg *msg;
    if (message->cut ||
        sip_msg_parse(message->bytes, carrier_framing(message->carrier), &msg) != ERR_OK) {
        lint->unread++;
        return ERR_OK;
    }
    struct seen seen = {.seq = message->frame,
                        .time_us = message->time_ns / 1000,
                        .source = message->source,
                        .target = message->target,
                        .proto = carrier_proto(message->carrier),
                        .sent = true,
                        .given = true,
                        .msg = msg};
    lint->last_us = seen.time_us;
    lint_report_message(&lint->report, message);
    enum err err = monitor_see(lint->monitor, &seen);
    sip_msg_unref(msg);
    return err;
}

static enum err messages_judge(struct lint *lint)
{
    struct captured message;
    enum err err = ERR_OK;
    while (err == ERR_OK && capture_next(lint->capture, &message)) {
        err = message_judge(lint, &message);
        findings_take(lint);
    }
    monitor_end(lint->monitor, lint->last_us);
    findings_take(lint);
    return err;
}

static void summarize(struct lint *lint)
{
    struct monitor_counts counts;
    struct buf unread = {0};
    struct view why;
    monitor_counts(lint->monitor, &counts);
    capture_failure(lint->capture, &why);
    capture_unread(lint->capture, &unread);
    lint_report_summary(&lint->report, counts.messages + lint->unread, counts.call_ids, why);
    lint_report_note(&lint->report, buf_view(&unread));
    buf_deinit(&unread);
}

/* A key log may be for one of several captures. */
static void keys_judge(struct lint *lint)
{
    struct buf complaint = {0};
    if (capture_keys_fit(lint->capture, &complaint))
        lint->fitted = true;
    else if (lint->misfit.len == 0)
        buf_add(&lint->misfit, buf_view(&complaint));
    buf_deinit(&complaint);
}

static int keys_complain(struct lint *lint)
{
    size_t others = lint->options->paths.count - 1;
    if (lint->fitted || lint->misfit.len == 0)
        return EXIT_ALL_PASSED;
    if (others > 0)
        buf_printf(&lint->misfit, "; nor does it fit the other captures");
    screen_complain(buf_view(&lint->misfit));
    return EXIT_USAGE;
}

static int file_judge(struct lint *lint, const char *path)
{
    const struct capture_options capture_options = {.keylog = lint->options->keylog};
    struct buf complaint = {0};
    lint->unread = 0;
    lint_report_file(&lint->report, path);
    enum err err = capture_open(path, &capture_options, &lint->capture, &complaint);
    if (err != ERR_OK) {
        screen_complain(complaint.len > 0 ? buf_view(&complaint) : view_of(err_text(err)));
        buf_deinit(&complaint);
        return err == ERR_IO || err == ERR_MEMORY ? EXIT_ENVIRONMENT : EXIT_USAGE;
    }
    err = monitor_create(&(struct monitor_options){.capture = true}, &lint->monitor);
    if (err == ERR_OK)
        err = messages_judge(lint);
    if (err == ERR_OK)
        err = capture_failure(lint->capture, NULL) == ERR_MEMORY ? ERR_MEMORY : ERR_OK;
    if (err == ERR_OK) {
        summarize(lint);
        keys_judge(lint);
    }
    monitor_destroy(lint->monitor);
    capture_close(lint->capture);
    lint->monitor = NULL;
    lint->capture = NULL;
    if (err != ERR_OK)
        screen_complain(view_of(err_text(err)));
    return err == ERR_OK ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

/* An id that no rule has is a mistake, and not a rule that is off. */
static bool ignored_exist(const struct options *options)
{
    struct buf complaint = {0};
    bool good = true;
    for (size_t i = 0; good && i < options->ignored.count; i++)
        if (rule_find(view_of(options->ignored.items[i])) == NULL) {
            buf_printf(&complaint, "--ignore: there is no rule '%s'", options->ignored.items[i]);
            screen_complain(buf_view(&complaint));
            good = false;
        }
    buf_deinit(&complaint);
    return good;
}

static int files_judge(struct lint *lint)
{
    int worst = EXIT_ALL_PASSED;
    for (size_t i = 0; i < lint->options->paths.count; i++) {
        int code = file_judge(lint, lint->options->paths.items[i]);
        worst = code > worst ? code : worst;
    }
    int code = keys_complain(lint);
    worst = code > worst ? code : worst;
    return worst == EXIT_ALL_PASSED && lint->must > 0 ? EXIT_FAILED : worst;
}

int command_lint(const struct options *options)
{
    if (options->paths.count == 0) {
        screen_complain(V("lint: which capture? (sipwright lint CAPTURE ...)"));
        return EXIT_USAGE;
    }
    struct lint *lint = mem_zalloc(sizeof *lint);
    if (lint == NULL)
        return EXIT_ENVIRONMENT;
    lint->options = options;
    int code = EXIT_USAGE;
    if (ignored_exist(options))
        code = lint_report_open(&lint->report, options->json, options->summary) == ERR_OK
                   ? files_judge(lint)
                   : EXIT_ENVIRONMENT;
    if (lint_report_close(&lint->report) != ERR_OK)
        code = EXIT_ENVIRONMENT;
    buf_deinit(&lint->misfit);
    mem_free(lint);
    sip_msg_pool_drop();
    return code;
}
