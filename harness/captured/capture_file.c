#include "harness/captured/capture_file.h"

#include "harness/options/exit_code.h"
#include "harness/run/screen.h"

int capture_file_open(const struct options *options, const char *path, struct capture **out)
{
    const struct capture_options how = {.keylog = options->keylog};
    struct buf complaint = {0};
    enum err err = capture_open(path, &how, out, &complaint);
    if (err != ERR_OK)
        screen_complain(complaint.len > 0 ? buf_view(&complaint) : view_of(err_text(err)));
    buf_deinit(&complaint);
    if (err == ERR_OK)
        return EXIT_ALL_PASSED;
    return err == ERR_IO || err == ERR_MEMORY ? EXIT_ENVIRONMENT : EXIT_USAGE;
}
