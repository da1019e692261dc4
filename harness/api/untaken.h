/* Why an answer stays away that our own side owes: the request is there, and no line takes it.
 *
 *     struct view hint = untaken_hint(request, room);
 */
#pragma once
#include "harness/agent/request.h"

enum { UNTAKEN_HINT_MAX = 200 };

/* Its name led nowhere: absent where it has an address, or is not known to have failed so. */
struct view nowhere_hint(const struct request *request, char *room);
/* In room; absent: the request has its final response, or is at nobody's who is ours. */
struct view untaken_hint(const struct request *request, char *room);
