#include "harness/capture/corpus_fixture.h"
#include "core/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

const char *corpus_folder_or_skip(void)
{
    const char *folder = getenv("SIPWRIGHT_CORPUS");

    folder = folder == NULL ? "../shared/corpus" : folder;
    if (access(folder, R_OK) != 0) {
        print_message("skipped: there are no captures at %s (SIPWRIGHT_CORPUS)\n", folder);
        skip();
    }
    return folder;
}
