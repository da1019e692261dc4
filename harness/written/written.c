#include "harness/written/written.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <string.h>

#define MEND "give the file of 'sipwright run --json FILE'"

static void complaint_write(struct buf *out, const char *command, const char *path, enum err err,
                            size_t line)
{
    if (err == ERR_ABSENT)
        buf_printf(out, "%s: there is no %s; " MEND, command, path);
    else if (err == ERR_UNSUPPORTED)
        buf_printf(out,
                   "%s:%zu: written in another version of the format; take the sipwright that "
                   "wrote it, or run the scenarios again with this one (" SIPWRIGHT_VERSION ")",
                   path, line);
    else if (err == ERR_SYNTAX)
        buf_printf(out, "%s:%zu: this is no written run; " MEND, path, line);
    else
        buf_printf(out, "%s cannot be read: %s", path,
                   err == ERR_IO && errno != 0 ? strerror(errno) : err_text(err));
}

int written_read(const char *command, const char *path, struct report_read **out)
{
    struct buf complaint = {0};
    size_t line = 0;

    errno = 0;
    enum err err = report_json_read(path, out, &line);
    if (err == ERR_OK)
        return EXIT_ALL_PASSED;
    complaint_write(&complaint, command, path, err, line);
    screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
    return err == ERR_IO || err == ERR_MEMORY ? EXIT_ENVIRONMENT : EXIT_USAGE;
}
