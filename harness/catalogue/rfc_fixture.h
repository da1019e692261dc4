/* The text of one RFC, a section at a time, as quotes are compared with it: without page breaks,
 * each run of blanks one blank, and none behind a hyphen.
 *
 *     struct rfc_text *text = rfc_text_load(folder, V("RFC 3261"));
 *     if (text != NULL && rfc_text_has(text, V("17.1.1.2"), quote))
 *         pass();
 */
#pragma once
#include "core/core.h"

struct rfc_text;

struct rfc_text *rfc_text_load(const char *folder, struct view rfc); /* NULL: it is not there */
/* Whether these words stand in the section or one inside it. */
bool rfc_text_has(const struct rfc_text *text, struct view section, struct view words);
void rfc_text_destroy(struct rfc_text *text);
