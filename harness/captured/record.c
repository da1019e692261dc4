#include "harness/captured/record.h"

#include "harness/captured/call_select.h"
#include "harness/captured/capture_file.h"
#include "harness/captured/keyfit.h"
#include "harness/captured/record_ways.h"
#include "harness/host/place.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "reports/reports.h"

#include <errno.h>

struct recording {
    const struct options *options;
    struct call_selection selection;
    struct buf head, body; /* of the file: what stands once, and the scenarios */
    struct buf titles;     /* of the scenarios so far, a line each */
    uint32_t written, failed;
    bool wires;
    struct keyfit keyfit;
    enum err err;
};

static void say(const struct call *call, uint32_t number, const char *what, struct view why)
{
    struct buf line = {0};

    buf_printf(&line, "call %u (%.*s): %s%.*s", (unsigned)number, VIEW_ARG(call->call_id), what,
               VIEW_ARG(why));
    screen_complain(buf_view(&line));
    buf_deinit(&line);
}

/* Ids of scenarios are unique in their file. */
static void title_count(struct recording *recording, struct outline *outline)
{
    struct buf line = {0};
    unsigned same = 1;

    buf_printf(&line, "%.*s\n", VIEW_ARG(outline->title));
    for (struct view rest = buf_view(&recording->titles); rest.len > 0;) {
        size_t end = view_find_char(rest, '\n') + 1;
        same += view_equal(view_head(rest, end), buf_view(&line));
        rest = view_skip(rest, end);
    }
    buf_add(&recording->titles, buf_view(&line));
    buf_deinit(&line);
    if (same > 1)
        outline_retitle(outline, same);
}

static void call_write(struct recording *recording, struct outline *outline)
{
    title_count(recording, outline);
    if (recording->written++ > 0)
        buf_add_char(&recording->body, '\n');
    recording->wires |= outline->by_wires;
    outline_write(&recording->body, outline);
}

static void call_record(struct recording *recording, const struct call *call, uint32_t number)
{
    struct record_whys whys = {0};
    struct outline *outline = NULL;
    enum err err = record_ways_try(call, &recording->selection.device, &whys, &outline);

    if (whys.undriven.len > 0)
        say(call, number, "without t.dut: ", buf_view(&whys.undriven));
    if (err == ERR_OK) {
        call_write(recording, outline);
        for (uint32_t i = 0; i < outline->note_count; i++)
            say(call, number, "", outline->notes[i]);
        if (outline->by_wires && outline->why.len > 0)
            say(call, number, "by wires: ", outline->why);
    } else if (err == ERR_SYNTAX) {
        recording->failed++;
        say(call, number, "it cannot be written: ", buf_view(&whys.why));
    } else {
        recording->err = err;
    }
    outline_destroy(outline);
    record_whys_deinit(&whys);
}

static void call_take(struct recording *recording, const struct call *call)
{
    uint32_t number = call_selection_number(&recording->selection);
    bool named = recording->selection.count > 0;

    call_selection_see(&recording->selection, call);
    if (!call_selection_has(&recording->selection, call, number))
        return;
    if (!call->complete) {
        say(call, number, "it is not complete, and not written: ", call->lacks);
        recording->failed += named;
        return;
    }
    call_record(recording, call, number);
}

static void calls_drain(struct recording *recording, struct calls *calls)
{
    struct call *call;

    while (recording->err == ERR_OK && calls_next(calls, &call)) {
        call_take(recording, call);
        call_destroy(call);
    }
}

static enum err capture_record(struct recording *recording, struct capture *capture)
{
    struct calls_options options = {.names = recording->selection.names,
                                    .name_count = recording->selection.name_count};
    struct captured message;
    struct calls *calls;
    enum err err = calls_create(&options, &calls);

    if (err != ERR_OK)
        return err;
    while (err == ERR_OK && recording->err == ERR_OK && capture_next(capture, &message)) {
        err = calls_take(calls, &message);
        if (err == ERR_SYNTAX) /* it cannot be read, and its call lacks it */
            err = ERR_OK;
        calls_drain(recording, calls);
    }
    calls_end(calls);
    calls_drain(recording, calls);
    if (err == ERR_OK)
        err = recording->err;
    if (err == ERR_OK)
        err = calls_failure(calls);
    calls_destroy(calls);
    return err;
}

static int file_record(struct recording *recording, const char *path)
{
    struct buf complaint = {0};
    struct capture *capture;
    struct view why = {0};
    int code = capture_file_open(recording->options, path, &capture);

    if (code != EXIT_ALL_PASSED)
        return code;
    uint64_t before = recording->selection.messages;
    enum err err = capture_record(recording, capture);
    if (err == ERR_OK && capture_failure(capture, &why) == ERR_MEMORY)
        err = ERR_MEMORY;
    if (err == ERR_OK && why.len > 0)
        screen_complain(why);
    if (err == ERR_OK)
        keyfit_take(&recording->keyfit, capture);
    if (err == ERR_OK && recording->selection.messages == before)
        capture_without_sip(capture, &complaint);
    if (complaint.len > 0)
        screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
    capture_close(capture);
    if (err != ERR_OK)
        screen_complain(view_of(err_text(err)));
    return err == ERR_OK ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static void head_make(struct recording *recording)
{
    struct buf *head = &recording->head;

    buf_printf(head, "-- Recorded by sipwright record: %u call%s.\n\n",
               (unsigned)recording->written, recording->written == 1 ? "" : "s");
    if (recording->wires)
        outline_write_helpers(head);
}

static enum err file_write(struct recording *recording, const char *path)
{
    buf_add(&recording->head, buf_view(&recording->body));
    if (recording->head.failed != ERR_OK || recording->body.failed != ERR_OK)
        return ERR_MEMORY;
    return report_file_write(path, buf_view(&recording->head));
}

static int recording_end(struct recording *recording)
{
    struct buf line = {0};
    int code = EXIT_ALL_PASSED;

    if (!call_selection_met(&recording->selection, &line)) {
        code = EXIT_USAGE;
    } else if (recording->written == 0) {
        buf_printf(&line, "there is no complete call to be written: %u messages, %u calls",
                   (unsigned)recording->selection.messages, (unsigned)recording->selection.seen);
        code = recording->failed > 0 ? EXIT_ENVIRONMENT : EXIT_USAGE;
    } else {
        head_make(recording);
        errno = 0;
        enum err err = file_write(recording, recording->options->output);
        if (err != ERR_OK) {
            bool system = err == ERR_IO && errno != 0;
            buf_printf(&line, "-o %s cannot be written: %s; %s", recording->options->output,
                       system ? strerror(errno) : err_text(err), place_mend(system ? errno : 0));
            code = EXIT_ENVIRONMENT;
        }
    }
    if (line.len > 0)
        screen_complain(buf_view(&line));
    buf_deinit(&line);
    return code != EXIT_ALL_PASSED ? code
           : recording->failed > 0 ? EXIT_ENVIRONMENT
                                   : EXIT_ALL_PASSED;
}

static int files_record(struct recording *recording)
{
    const struct strings *paths = &recording->options->paths;
    int code = EXIT_ALL_PASSED;

    for (size_t i = 0; code == EXIT_ALL_PASSED && i < paths->count; i++)
        code = file_record(recording, paths->items[i]);
    int fit = keyfit_end(&recording->keyfit);
    code = code == EXIT_ALL_PASSED ? fit : code;
    return code == EXIT_ALL_PASSED ? recording_end(recording) : code;
}

int command_record(const struct options *options)
{
    struct recording *recording = mem_zalloc(sizeof *recording);
    struct buf complaint = {0};
    int code = EXIT_USAGE;

    if (recording == NULL)
        return EXIT_ENVIRONMENT;
    recording->options = options;
    recording->body.limit = RECORD_WRITTEN_MOST;
    if (options->paths.count == 0 || options->output == NULL)
        buf_printf(&complaint, "record: give a capture and where to write it: sipwright record "
                               "CAPTURE -o F.lua");
    else if (strcmp(options->output, "-") != 0 &&
             !place_check(options->output, PLACE_FILE, &complaint))
        code = EXIT_USAGE;
    else if (call_selection_read(options, &recording->selection, &complaint) == ERR_OK)
        code = files_record(recording);
    if (complaint.len > 0)
        screen_complain(buf_view(&complaint));
    call_selection_deinit(&recording->selection);
    buf_deinit(&complaint);
    buf_deinit(&recording->head);
    buf_deinit(&recording->body);
    buf_deinit(&recording->titles);
    mem_free(recording);
    sip_msg_pool_drop();
    return code;
}
