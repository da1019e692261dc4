#include "harness/run/files.h"
#include "harness/run/path.h"
#include "harness/run/screen.h"

#include <errno.h>

static bool complain(const char *path, enum err err)
{
    struct buf sentence = {0};
    const char *why = err == ERR_IO && errno != 0 ? strerror(errno) : err_text(err);

    buf_printf(&sentence, "%s cannot be written: %s", path, why);
    screen_complain(buf_view(&sentence));
    buf_deinit(&sentence);
    return false;
}

bool files_begin(const struct options *options)
{
    if (options->trace == NULL)
        return true;
    errno = 0;
    enum err err = path_make_folder(view_of(options->trace));
    return err == ERR_OK || complain(options->trace, err);
}

bool files_pcap(const struct options *options, struct report_case *one, struct arena *arena)
{
    char room[160];
    struct view slug = report_slug(one, room, sizeof room - sizeof ".pcap");

    if (options->trace == NULL)
        return true;
    memcpy(room + slug.len, ".pcap", sizeof ".pcap");
    one->pcap = path_join(arena, view_of(options->trace), view_of(room));
    if (one->pcap.ptr == NULL)
        return complain(room, ERR_MEMORY);
    errno = 0;
    enum err err = report_pcap_write(one, one->pcap.ptr);
    return err == ERR_OK || complain(one->pcap.ptr, err);
}

bool files_keys(const struct options *options, const struct report_case *one, struct arena *arena)
{
    char room[160];
    struct view slug = report_slug(one, room, sizeof room - sizeof ".keys");

    if (options->trace == NULL)
        return true;
    memcpy(room + slug.len, ".keys", sizeof ".keys");
    struct view path = path_join(arena, view_of(options->trace), view_of(room));
    if (path.ptr == NULL)
        return complain(room, ERR_MEMORY);
    errno = 0;
    enum err err = report_keys_write(one, path.ptr);
    return err == ERR_OK || complain(path.ptr, err);
}

static enum junit_dialect dialect_of(const struct options *options)
{
    switch (options->dialect) {
    case DIALECT_STRICT:
        return JUNIT_STRICT;
    case DIALECT_ANT:
        return JUNIT_ANT;
    default:
        return JUNIT_DEFAULT;
    }
}

bool files_write(const struct options *options, const struct report_run *run)
{
    enum err junit = ERR_OK, json = ERR_OK, html = ERR_OK;
    bool written = true;

    errno = 0;
    if (options->junit != NULL)
        junit = report_junit_write(run, dialect_of(options), options->junit);
    if (junit != ERR_OK)
        written = complain(options->junit, junit);
    errno = 0;
    if (options->json != NULL)
        json = report_json_write(run, options->json);
    if (json != ERR_OK)
        written = complain(options->json, json);
    errno = 0;
    if (options->html != NULL)
        html = report_html_write(run, options->html);
    if (html != ERR_OK)
        written = complain(options->html, html);
    return written;
}
