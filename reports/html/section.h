/* Sections go by their numbers: 8.1.1.5 before 17.1, RFC 3261 before RFC 10000.
 *
 *     int order = section_compare(a->section, b->section);
 */
#pragma once
#include "core/base.h"

int section_compare(struct view a, struct view b);
