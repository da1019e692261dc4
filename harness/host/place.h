/* Places for files, looked at before there is anything to write.
 *
 *     if (!place_check(V("out/report.html"), PLACE_FILE, &complaint))
 *         refuse(complaint);
 */
#pragma once
#include "core/core.h"

enum place_kind { PLACE_FILE, PLACE_FOLDER };

/* False: nothing could be written there; the complaint says why, with the mend. What is missing is
 * no matter, for it is made. */
bool place_check(const char *path, enum place_kind kind, struct buf *complaint);
/* The same, and the complaint begins with the option: "--html: …". */
bool place_check_option(const char *option, const char *path, enum place_kind kind,
                        struct buf *complaint);
/* The mend for what errno says; never empty. */
const char *place_mend(int error);
