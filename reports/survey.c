#include "reports/survey.h"

#include "reports/json.h"

#include <stdlib.h>

enum { PARTIES_LEAST = 8, NOTES_LEAST = 16, SHARED_MOST = 1024 /* looked at, each with each */ };

/* BEGIN tells when the scenario's clock began; where it does not, that was 1970. */
static uint64_t epoch_of(struct view begin)
{
    json_t *root = NULL;
    if (json_load(begin, &root) != ERR_OK)
        return 0;
    json_int_t epoch = json_integer_value(json_object_get(root, "epoch"));
    json_decref(root);
    return epoch < 0 || epoch > UINT32_MAX ? 0 : (uint64_t)epoch;
}

static struct survey_party *party_find(const struct survey *survey, uint32_t number)
{
    size_t low = 0, high = survey->party_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (survey->parties[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < survey->party_count && survey->parties[low].number == number;
    return found ? &survey->parties[low] : NULL;
}

/* By their numbers, which rise; an odd one that does not is left out. */
static enum err party_add(struct survey *survey, const struct trace_event *event)
{
    uint32_t count = survey->party_count;
    if (event->party == 0 || (count > 0 && survey->parties[count - 1].number >= event->party))
        return ERR_OK;
    if (count == survey->party_size) {
        void *room = mem_room(survey->parties, sizeof *survey->parties, count, &survey->party_size,
                              PARTIES_LEAST);
        if (room == NULL)
            return ERR_MEMORY;
        survey->parties = room;
    }
    survey->parties[survey->party_count++] = (struct survey_party){
        .number = event->party, .name = event->u.note.name, .addr = event->u.note.addr};
    return ERR_OK;
}

static enum err note_add(struct survey *survey, const struct survey_note *note)
{
    uint32_t count = survey->note_count;
    if (count == survey->note_size) {
        void *room =
            mem_room(survey->notes, sizeof *survey->notes, count, &survey->note_size, NOTES_LEAST);
        if (room == NULL)
            return ERR_MEMORY;
        survey->notes = room;
    }
    survey->notes[survey->note_count++] = *note;
    return ERR_OK;
}

static void end_see(struct survey *survey, uint32_t number)
{
    if (party_find(survey, number) == NULL)
        survey->strangers = true;
}

/* What became of it is told by events of their own; of a device's messages by those that have no
 * transmission of ours, and go before what arrives. */
static enum err wire_read(struct survey *survey, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    end_see(survey, wire->from);
    end_see(survey, wire->to);
    if (wire->side == SIDE_OUT && wire->fate == FATE_SWALLOWED)
        survey->swallowed++;
    if (wire->side == SIDE_OUT || wire->fate == FATE_NONE)
        return ERR_OK;
    uint64_t of = wire->was_out != 0 ? wire->was_out : event->seq;
    return note_add(survey, &(struct survey_note){.of = of,
                                                  .seq = event->seq,
                                                  .side = wire->side,
                                                  .fate = wire->fate,
                                                  .to = wire->to,
                                                  .why = wire->why});
}

static enum err finding_read(struct survey *survey, const struct trace_event *event)
{
    if (event->u.finding.evidence_count == 0)
        return ERR_OK;
    return note_add(survey, &(struct survey_note){.of = event->u.finding.evidence[0],
                                                  .seq = event->seq,
                                                  .rule = event->u.finding.rule,
                                                  .why = event->u.finding.sentence});
}

static enum err mark_read(struct survey *survey, const struct report_case *one)
{
    detail_init(&survey->detail, one->detail);
    struct view mark = survey->detail.mark.len > 0 ? survey->detail.mark : V("unexpected here");
    if (survey->detail.message == 0)
        return ERR_OK;
    return note_add(survey, &(struct survey_note){.of = survey->detail.message, .why = mark});
}

static int note_compare(const void *a, const void *b)
{
    const struct survey_note *x = a, *y = b;
    if (x->of != y->of)
        return x->of < y->of ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void notes_sort(struct survey *survey)
{
    if (survey->note_count > 1)
        qsort(survey->notes, survey->note_count, sizeof *survey->notes, note_compare);
}

struct survey_notes survey_notes(const struct survey *survey, uint64_t of)
{
    size_t low = 0, high = survey->note_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (survey->notes[middle].of < of)
            low = middle + 1;
        else
            high = middle;
    }
    struct survey_notes notes = {low == 0 ? survey->notes : survey->notes + low, 0};
    while (low + notes.count < survey->note_count && notes.first[notes.count].of == of)
        notes.count++;
    return notes;
}

/* Findings may name an arrival: what left is what is in the capture. */
static void arrivals_resolve(struct survey *survey, struct view events)
{
    bool found = false;
    for (size_t i = 0; i < survey->note_count; i++)
        found |= survey->notes[i].fate == FATE_NONE;
    if (!found)
        return;
    for (struct trace_event event; event_take(&events, NULL, &event);) {
        bool wire = event.kind == TRACE_MESSAGE || event.kind == TRACE_BYTES;
        if (!wire || event.u.wire.was_out == 0)
            continue;
        struct survey_notes notes = survey_notes(survey, event.seq);
        for (size_t i = 0; i < notes.count; i++)
            survey->notes[(size_t)(notes.first - survey->notes) + i].left_as = event.u.wire.was_out;
    }
    for (size_t i = 0; i < survey->note_count; i++)
        if (survey->notes[i].left_as != 0)
            survey->notes[i].of = survey->notes[i].left_as;
    notes_sort(survey);
}

static bool same_ip(const struct addr *a, const struct addr *b)
{
    return a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

static void shared_mark(struct survey *survey)
{
    for (size_t i = 0; i < survey->party_count && i < SHARED_MOST; i++)
        for (size_t k = 0; k < i; k++)
            if (same_ip(&survey->parties[i].addr, &survey->parties[k].addr))
                survey->parties[i].shared = survey->parties[k].shared = true;
}

static enum err event_read(struct survey *survey, const struct trace_event *event)
{
    switch (event->kind) {
    case TRACE_BEGIN:
        survey->epoch_s = epoch_of(event->u.note.text);
        return ERR_OK;
    case TRACE_PARTY:
        return party_add(survey, event);
    case TRACE_MESSAGE:
    case TRACE_BYTES:
        return wire_read(survey, event);
    case TRACE_FINDING:
        return finding_read(survey, event);
    default:
        return ERR_OK;
    }
}

enum err survey_make(struct survey *survey, const struct report_case *one)
{
    struct arena evidence = {0};
    struct view events = one->events;
    *survey = (struct survey){0};
    enum err err = mark_read(survey, one);
    for (struct trace_event event; err == ERR_OK && event_take(&events, &evidence, &event);)
        err = event_read(survey, &event);
    arena_deinit(&evidence);
    notes_sort(survey);
    arrivals_resolve(survey, one->events);
    shared_mark(survey);
    return err;
}

const struct survey_party *survey_party(const struct survey *survey, uint32_t number)
{
    return party_find(survey, number);
}

void survey_deinit(struct survey *survey)
{
    mem_free(survey->parties);
    mem_free(survey->notes);
    detail_deinit(&survey->detail);
    *survey = (struct survey){0};
}
