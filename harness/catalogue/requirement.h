/* The requirement catalogue: what the RFCs ask of a SIP element, a row each, with the sentence that
 * asks for it. The rows are scenarios/catalogue.tsv, embedded by the build.
 *
 *     const struct requirement *one = requirement_find(V("CTI-001"));
 *     if (one != NULL && requirement_level(one) >= LEVEL_SHOULD)
 *         puts(one->text.ptr);
 *     for (size_t i = 0; i < requirement_count; i++)
 *         use(&requirements[i]);
 */
#pragma once
#include "core/core.h"

struct requirement {      /* in the order of the columns; a NUL follows each */
    struct view id;       /* "CTI-001": frozen, whatever becomes of the row */
    struct view area;     /* "client transaction INVITE" */
    struct view rfc;      /* "RFC 3261" */
    struct view section;  /* "17.1.1.2"; several are parted by commas */
    struct view level;    /* MUST SHOULD MAY NORM INFO */
    struct view role;     /* of the device: ANY, or UAC UAS PROXY REGISTRAR parted by commas */
    struct view text;     /* what is asked for, one sentence */
    struct view stimulus; /* what shows it */
    struct view expected; /* what is then seen of a device that keeps to it; may be empty */
    struct view quote;    /* the RFC's own words, "..." where some are left out; may be empty */
};

extern const struct requirement requirements[]; /* in order of their ids' bytes */
extern const size_t requirement_count;

/* From the weakest to the strongest. NORM: a rule in words other than those of RFC 2119. */
enum requirement_level { LEVEL_INFO, LEVEL_MAY, LEVEL_SHOULD, LEVEL_NORM, LEVEL_MUST };

const struct requirement *requirement_find(struct view id); /* NULL: there is none */
enum requirement_level requirement_level(const struct requirement *one);
/* The row that a rule of the monitor is about, whose id may have a letter more: "DLG-008b" of
 * DLG-008. NULL: the rule is the monitor's own. */
const struct requirement *requirement_of_rule(struct view id);
/* The id that is most like it; NULL: none is. */
const char *requirement_near(const char *id);
/* "17.1.1.2" is inside "17.1" and inside itself; "17.10" is not inside "17.1". */
bool section_is_inside(struct view section, struct view outer);
/* Takes the first of a row's sections; false: there is none left. */
bool section_take(struct view *sections, struct view *out);
/* Whether the row speaks of this section or one inside it. */
bool requirement_in_section(const struct requirement *one, struct view section);
