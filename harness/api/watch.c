#include "harness/api/watch.h"

struct flow_text *flow_text_use(struct flow_text *text)
{
    text->uses++;
    return text;
}

void flow_text_drop(struct flow_text *text)
{
    if (text == NULL || --text->uses > 0)
        return;
    arena_deinit(&text->arena);
    mem_free(text);
}

bool flow_text_has(const struct flow_text *text, uint32_t party)
{
    for (size_t i = 0; i < text->party_count; i++)
        if (text->parties[i] == party)
            return true;
    return false;
}

struct watch *watch_get(struct agents *agents, struct handle call)
{
    struct watch *watch;

    for (watch = agents->watches->first; watch != NULL; watch = watch->next)
        if (handle_equal(watch->call, call))
            return watch;
    watch = mem_zalloc(sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->call = call;
    watch->next = agents->watches->first;
    agents->watches->first = watch;
    return watch;
}

void watch_end(struct watch *watch)
{
    flow_text_drop(watch->last);
    watch->last = NULL;
}

static enum err cover(struct agents *agents, struct flow_text *text,
                      const struct flow_question *question, size_t end)
{
    struct covered *covered = mem_zalloc(sizeof *covered);

    if (covered == NULL)
        return ERR_MEMORY;
    *covered = (struct covered){.next = agents->watches->covered,
                                .first = question->from_index,
                                .end = end,
                                .text = flow_text_use(text),
                                .call_id = question->call_id};
    agents->watches->covered = covered;
    return ERR_OK;
}

enum err watch_begin(struct agents *agents, struct watch *watch, struct flow_text *text,
                     const struct flow_question *question, size_t next_index)
{
    enum err err = cover(agents, text, question, next_index);

    if (err != ERR_OK)
        return err;
    watch_end(watch);
    watch->last = flow_text_use(text);
    watch->question = *question;
    watch->next_index = next_index;
    return ERR_OK;
}

size_t watch_stray(const struct watch *watch, size_t from_index)
{
    struct flow_question question = watch->question;

    if (watch->last == NULL)
        return log_count(question.log);
    return flow_stray(watch->last->flow, &question, from_index);
}

static bool is_covered(const struct agents *agents, const struct covered *covered, size_t index)
{
    struct log *log = agents->scene->log;
    const struct log_entry *entry = log_at(log, index);

    if (index < covered->first || index >= covered->end || entry->look == LOOK_PASSED_OVER)
        return false;
    if (!flow_text_has(covered->text, entry->from) || !flow_text_has(covered->text, entry->to))
        return false;
    if (covered->call_id.ptr == NULL)
        return true;
    struct sip_msg *msg = log_message(log, index);
    return msg != NULL && view_equal(sip_msg_call_id(msg), covered->call_id);
}

bool watches_cover(const struct agents *agents, uint64_t out_seq)
{
    struct log *log = agents->scene->log;
    size_t index = log_find(log, out_seq);

    if (index == log_count(log))
        return false;
    for (const struct covered *c = agents->watches->covered; c != NULL; c = c->next)
        if (is_covered(agents, c, index))
            return true;
    return false;
}

static bool is_ours(const struct agents *agents, uint32_t number)
{
    const struct party *party = agents_party(agents, number);
    return party != NULL && party->kind != PARTY_DEVICE;
}

static bool watches_others(const struct agents *agents, const struct watch *watch)
{
    for (size_t i = 0; watch->last != NULL && i < watch->last->party_count; i++)
        if (!is_ours(agents, watch->last->parties[i]))
            return true;
    return false;
}

bool watches_at_rest(struct agents *agents, struct log *log)
{
    for (const struct watch *watch = agents->watches->first; watch != NULL; watch = watch->next)
        if (watches_others(agents, watch))
            return false;
    for (size_t i = log_first(log); i < log_count(log); i++)
        if (log_at(log, i)->under_way > 0 && is_ours(agents, log_at(log, i)->to))
            return false;
    return true;
}

enum err mark_set(struct agents *agents, struct view name, size_t index)
{
    struct mark *mark = arena_zalloc(&agents->arena, sizeof *mark);

    if (mark == NULL)
        return ERR_MEMORY;
    mark->name = arena_copy(&agents->arena, name);
    if (mark->name.ptr == NULL)
        return ERR_MEMORY;
    mark->index = index;
    mark->next = agents->watches->marks;
    agents->watches->marks = mark;
    return ERR_OK;
}

const struct mark *mark_find(const struct agents *agents, struct view name)
{
    for (const struct mark *mark = agents->watches->marks; mark != NULL; mark = mark->next)
        if (view_equal(mark->name, name))
            return mark;
    return NULL;
}

void watches_destroy(struct agents *agents)
{
    struct watches *watches = agents->watches;

    if (watches == NULL)
        return;
    for (struct watch *watch = watches->first, *next; watch != NULL; watch = next) {
        next = watch->next;
        watch_end(watch);
        mem_free(watch);
    }
    for (struct covered *covered = watches->covered, *next; covered != NULL; covered = next) {
        next = covered->next;
        flow_text_drop(covered->text);
        mem_free(covered);
    }
    mem_free(watches);
    agents->watches = NULL;
}
