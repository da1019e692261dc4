/* What the RFCs of the catalogue are about, in a word or two, for whoever does not know their
 * numbers.
 *
 *     html_text(out, rfc_subject(V("RFC 3262"))); reliable provisional responses
 */
#pragma once
#include "core/core.h"

struct view rfc_subject(struct view rfc); /* empty: not known */
