#include "core/locate/questions.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { CHAIN_MAX = 8, TTL_MAX_S = 24 * 60 * 60 };

struct question_item {
    UT_hash_handle hh;
    struct question question; /* first in its own right: its name and type are the key */
    bool lost;
    size_t key_len;
    char key[DNS_NAME_MAX + 3];
};

static struct question_item *item_of(struct question *question)
{
    return (struct question_item *)((char *)question - offsetof(struct question_item, question));
}

static bool is_name(struct view name)
{
    size_t label = 0;
    if (name.len == 0 || name.len > DNS_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        label = c == '.' ? 0 : label + 1;
        if (c <= ' ' || c >= 127 || label > DNS_LABEL_MAX ||
            (c == '.' && i > 0 && name.ptr[i - 1] == '.'))
            return false;
    }
    return name.ptr[0] != '.';
}

static struct view without_dot(struct view name)
{
    return view_ends(name, V(".")) ? view_head(name, name.len - 1) : name;
}

/* "\x00\x21_sip._udp.example.com": type and name; gives its length. */
static size_t key_write(uint16_t type, struct view name, char *room)
{
    room[0] = (char)(type >> 8);
    room[1] = (char)type;
    for (size_t i = 0; i < name.len; i++)
        room[2 + i] = char_lower(name.ptr[i]);
    return 2 + name.len;
}

static struct question_item *find(const struct questions *questions, const char *key, size_t len)
{
    struct question_item *item;
    unsigned hash = (unsigned)view_hash((struct view){key, len});
    HASH_FIND_BYHASHVALUE(hh, questions->items, key, len, hash, item);
    return item;
}

static void drop(struct questions *questions, struct question *question)
{
    struct question_item *item = item_of(question);
    *(question->previous == NULL ? &questions->first : &question->previous->next) = question->next;
    *(question->next == NULL ? &questions->last : &question->next->previous) = question->previous;
    HASH_DEL(questions->items, item);
    questions->count--;
    arena_deinit(&question->texts);
    mem_free(item);
}

/* Room for one more: what is known longest goes first, expired or not. */
static bool make_room(struct questions *questions)
{
    if (questions->count < questions->limit)
        return true;
    struct question *question = questions->first;
    while (question != NULL && (!question->known || question->pinned))
        question = question->next;
    if (question == NULL)
        return false;
    drop(questions, question);
    return true;
}

static uint32_t next_number(struct questions *questions)
{
    questions->last_number += questions->last_number == UINT32_MAX ? 2 : 1;
    return questions->last_number;
}

static enum err add(struct questions *questions, const char *key, size_t len, struct question **out)
{
    struct question_item *item = mem_zalloc(sizeof *item);
    if (item == NULL)
        return ERR_MEMORY;
    memcpy(item->key, key, len);
    item->key_len = len;
    unsigned hash = (unsigned)view_hash((struct view){key, len});
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, questions->items, item->key, len, hash, item);
    if (item->lost) {
        mem_free(item);
        return ERR_MEMORY;
    }
    struct question *question = &item->question;
    question->number = next_number(questions);
    question->type = (uint16_t)((unsigned char)key[0] << 8 | (unsigned char)key[1]);
    question->name = (struct view){item->key + 2, len - 2};
    question->previous = questions->last;
    *(questions->last == NULL ? &questions->first : &questions->last->next) = question;
    questions->last = question;
    questions->count++;
    *out = question;
    return ERR_OK;
}

/* What is in use has only just been answered, and is good for this once. */
static bool is_over(const struct question *question, uint64_t now_us)
{
    return question->known && !question->pinned && question->expires_us <= now_us;
}

enum err questions_ask(struct questions *questions, uint64_t now_us, struct view name,
                       uint16_t type, struct question **out)
{
    char key[DNS_NAME_MAX + 3];
    name = without_dot(name);
    if (!is_name(name))
        return ERR_SYNTAX;
    size_t len = key_write(type, name, key);
    struct question_item *item = find(questions, key, len);
    if (item != NULL && is_over(&item->question, now_us)) {
        drop(questions, &item->question);
        item = NULL;
    }
    if (item != NULL) {
        *out = &item->question;
        return ERR_OK;
    }
    return make_room(questions) ? add(questions, key, len, out) : ERR_LIMIT;
}

struct question *questions_next(struct questions *questions)
{
    struct question *question = questions->last;
    if (question == NULL || question->taken)
        return NULL;
    while (question->previous != NULL && !question->previous->taken)
        question = question->previous;
    question->taken = true;
    return question;
}

static bool is_of(const struct dns_record *record, struct view asked, struct view owner)
{
    struct view name = record->owner.ptr == NULL ? asked : without_dot(record->owner);
    return view_equal_nocase(name, owner);
}

static const struct dns_record *find_record(const struct packet *answer, struct view asked,
                                            struct view owner, uint16_t type)
{
    for (size_t i = 0; i < answer->record_count; i++)
        if (answer->records[i].type == type && is_of(&answer->records[i], asked, owner))
            return &answer->records[i];
    return NULL;
}

static void ttl_take(uint32_t ttl_s, uint32_t *least_s)
{
    if (ttl_s < *least_s)
        *least_s = ttl_s;
}

/* Along the CNAMEs of the answer, RFC 1034 §3.6.2: the name that has the records, or the last one
 * that has none here. A chain that is too long, or a loop, ends nowhere: .ptr NULL. */
static struct view owner_find(const struct question *question, const struct packet *answer,
                              uint32_t *least_ttl_s)
{
    struct view owner = question->name;
    for (int i = 0; i <= CHAIN_MAX; i++) {
        if (find_record(answer, question->name, owner, question->type) != NULL)
            return owner;
        const struct dns_record *cname = find_record(answer, question->name, owner, DNS_CNAME);
        if (cname == NULL)
            return owner;
        owner = without_dot(cname->name);
        ttl_take(cname->ttl_s, least_ttl_s);
    }
    return (struct view){0};
}

static bool text_keep(struct question *question, struct view *text)
{
    if (text->len == 0)
        return true;
    *text = arena_copy(&question->texts, *text);
    return text->ptr != NULL;
}

static bool record_keep(struct question *question, const struct dns_record *record)
{
    struct dns_record *kept = &question->records[question->record_count];
    *kept = *record;
    kept->owner = (struct view){0};
    question->record_count++;
    return text_keep(question, &kept->name) && text_keep(question, &kept->flags) &&
           text_keep(question, &kept->service) && text_keep(question, &kept->regexp);
}

static bool records_keep(struct question *question, const struct packet *answer, struct view owner,
                         uint32_t *least_ttl_s)
{
    question->records = arena_alloc(&question->texts, DNS_RECORDS_MAX * sizeof *question->records);
    if (question->records == NULL)
        return false;
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct dns_record *record = &answer->records[i];
        if (record->type != question->type || !is_of(record, question->name, owner))
            continue;
        ttl_take(record->ttl_s, least_ttl_s);
        if (question->record_count < DNS_RECORDS_MAX && !record_keep(question, record))
            return false;
    }
    return true;
}

/* RFC 2308 §5: what is not there is not there for as long as its SOA says. */
static uint32_t negative_ttl_s(const struct packet *answer)
{
    for (size_t i = 0; i < answer->record_count; i++)
        if (answer->records[i].type == DNS_SOA)
            return answer->records[i].ttl_s;
    return 0;
}

static enum err keep(struct question *question, const struct packet *answer, uint32_t *out_ttl_s)
{
    uint32_t ttl_s = TTL_MAX_S;
    struct view owner = owner_find(question, answer, &ttl_s);
    bool good = owner.ptr != NULL && records_keep(question, answer, owner, &ttl_s);
    if (!good) {
        question->record_count = 0;
        *out_ttl_s = 0;
        return owner.ptr == NULL ? ERR_OK : ERR_MEMORY;
    }
    bool elsewhere = question->record_count == 0 && !view_equal_nocase(owner, question->name);
    if (elsewhere) {
        question->alias = owner;
        if (!text_keep(question, &question->alias))
            return ERR_MEMORY;
    } else if (question->record_count == 0) {
        ttl_take(negative_ttl_s(answer), &ttl_s);
    }
    *out_ttl_s = ttl_s;
    return ERR_OK;
}

struct question *questions_answer(struct questions *questions, uint64_t now_us,
                                  const struct packet *answer, enum err *out_err)
{
    struct question *question = questions->first;
    uint32_t ttl_s = 0;
    *out_err = ERR_OK;
    while (question != NULL && (question->number != answer->query || answer->query == 0))
        question = question->next;
    if (question == NULL || question->known)
        return NULL;
    question->known = true;
    if (answer->error == NET_OK)
        *out_err = keep(question, answer, &ttl_s);
    question->expires_us = time_after(now_us, ttl_s * US_PER_S);
    return question;
}

void questions_deinit(struct questions *questions)
{
    while (questions->first != NULL)
        drop(questions, questions->first);
}
