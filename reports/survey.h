/* What a capture has to know of a case before its first packet: who takes part, and what befell
 * each transmission later on.
 *
 *     enum err err = survey_make(&survey, one);
 *     struct survey_notes notes = survey_notes(&survey, event.seq);
 *     survey_deinit(&survey);
 */
#pragma once
#include "reports/detail.h"
#include "reports/event.h"
#include "reports/report.h"

struct survey_party {
    uint32_t number;
    struct view name;
    struct addr addr;
    uint32_t interface; /* of a capture; for the writer */
    bool shared;        /* its IP address is somebody else's, too */
};

struct survey_note { /* something that happened to a transmission, or was found about it */
    uint64_t of, seq;
    uint64_t left_as; /* the transmission, where `of` is its arrival; 0: it is not */
    enum trace_side side;
    enum trace_fate fate; /* NONE: it was found */
    uint32_t to;
    struct view rule; /* that it breaks; empty: it is the one that the verdict means */
    struct view why;
};

struct survey { /* views of the case and its events */
    struct detail detail;
    struct survey_party *parties;
    uint32_t party_count, party_size;
    struct survey_note *notes; /* by transmission, then in their order */
    uint32_t note_count, note_size;
    uint64_t swallowed; /* messages that never came to a wire */
    bool strangers;     /* somebody sends, or is sent to, who is no party */
    uint64_t epoch_s;   /* since 1970, of the scenario's start */
};

struct survey_notes {
    const struct survey_note *first;
    size_t count;
};

enum err survey_make(struct survey *survey, const struct report_case *one) NODISCARD;
struct survey_notes survey_notes(const struct survey *survey, uint64_t of);
/* NULL: nobody whom we know. */
const struct survey_party *survey_party(const struct survey *survey, uint32_t number);
void survey_deinit(struct survey *survey);
