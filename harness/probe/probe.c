#include "harness/probe/probe.h"

#include "harness/host/pipe.h"
#include "harness/options/exit_code.h"
#include "harness/probe/draft.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PATIENCE_US (UINT64_C(2) * US_PER_S)

static enum err target_read(const struct options *options, struct arena *arena,
                            struct target *target, struct addr *bind, struct buf *complaint)
{
    if (options->paths.count != 1) {
        buf_add(complaint, V("probe wants the URI of one device: sipwright probe "
                             "sip:100@127.0.0.1:5070"));
        return ERR_SYNTAX;
    }
    if (options->bind != NULL && addr_parse(view_of(options->bind), bind) != ERR_OK) {
        buf_printf(complaint, "--bind: '%s' is no IP address, as in 127.0.0.1", options->bind);
        return ERR_SYNTAX;
    }
    struct view uri = view_of(options->paths.items[0]);
    if (!target_is_uri(uri)) {
        buf_printf(complaint, "'%s' is no SIP URI, as in sip:100@127.0.0.1:5070",
                   options->paths.items[0]);
        return ERR_SYNTAX;
    }
    return target_uri_set(target, uri, arena, complaint);
}

/* A key that needs no quotes where it is written by hand. */
static enum err name_check(const char *name, struct buf *complaint)
{
    for (const char *at = name; *at != 0; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
              *at == '-' || *at == '.' || (*at >= '0' && *at <= '9')))
            name = "";
    if (*name != 0)
        return ERR_OK;
    buf_add(complaint, V("--name: letters, digits, '_', '-' and '.'"));
    return ERR_SYNTAX;
}

/* In one go, or not at all. */
static bool file_write(const char *path, const struct buf *text)
{
    struct buf complaint = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int why = errno;
    bool written = fd >= 0 && pipe_write(fd, buf_view(text));

    if (fd >= 0)
        why = errno;
    if (fd >= 0 && close(fd) != 0)
        written = false;
    if (!written && fd >= 0)
        unlink(path);
    if (!written) {
        buf_printf(&complaint, "%s cannot be written: %s%s", path, strerror(why),
                   why == EEXIST ? "; take another name, or standard output" : "");
        screen_complain(buf_view(&complaint));
    }
    buf_deinit(&complaint);
    return written;
}

static int show(const struct options *options, const struct probed *probed)
{
    struct buf lines = {0}, draft = {0};
    bool there = probed_first(probed) != NULL, to_file = options->output != NULL;

    probed_write(&lines, probed, "");
    if (there)
        draft_write(&draft, probed);
    bool told = pipe_write(there && to_file ? STDOUT_FILENO : STDERR_FILENO, buf_view(&lines));
    if (there)
        told = (to_file ? file_write(options->output, &draft)
                        : pipe_write(STDOUT_FILENO, buf_view(&draft))) &&
               told;
    else
        screen_complain(V("nothing answers there: is it up, and is this its address?"));
    buf_deinit(&lines);
    buf_deinit(&draft);
    return there && told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

int command_probe(const struct options *options)
{
    struct arena arena = {0};
    struct target target = {0};
    struct buf complaint = {0};
    struct addr bind = {0};
    struct ask_place places[PLACES_MAX];
    struct ask_answer answers[PLACES_MAX] = {0};
    enum err err = target_read(options, &arena, &target, &bind, &complaint);

    if (err == ERR_OK && options->name != NULL)
        err = name_check(options->name, &complaint);
    struct probed probed = {.target = &target,
                            .name = view_of(options->name == NULL ? "device" : options->name),
                            .places = places,
                            .answers = answers};
    if (err == ERR_OK)
        probed.count = places_of(&target.addr, places);
    struct ask_options asking = {.uri = target.uri,
                                 .places = places,
                                 .place_count = probed.count,
                                 .local = bind,
                                 .within_us = options->patience_us == 0 ? PATIENCE_US
                                                                        : options->patience_us};
    bool usage = err != ERR_OK;
    if (err == ERR_OK)
        err = ask(&asking, answers, &complaint);
    int code = err == ERR_OK ? show(options, &probed) : screen_refuse(&complaint, err);
    if (err != ERR_OK && !usage)
        code = EXIT_ENVIRONMENT;
    ask_answers_deinit(answers, probed.count);
    buf_deinit(&complaint);
    arena_deinit(&arena);
    return code;
}
