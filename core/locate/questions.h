/* What was asked of the DNS and what it answered, as long as it is good: one question for all who
 * want to know the same.
 *
 *     struct question *question;
 *     enum err err = questions_ask(&questions, now_us, name, DNS_SRV, &question);
 *     if (question->known)
 *         use(question->records, question->record_count);
 */
#pragma once
#include "core/net/net.h"

struct question_item;
struct question {
    uint32_t number;
    uint16_t type;
    bool known;       /* it was answered; else it was asked */
    bool taken;       /* by questions_next */
    bool pinned;      /* in use: it stays, though it be over or its room be wanted */
    struct view name; /* in lower case, without a dot at the end */
    /* For a name that was not found, or has none of that type: no records. */
    struct dns_record *records; /* of that type only */
    size_t record_count;
    struct view alias;   /* the name whose records are wanted instead, which were not in the answer;
                            empty: none */
    uint64_t expires_us; /* known: no good from then on */
    struct arena texts;
    struct question *next, *previous; /* in the order in which they were asked */
};

struct questions { /* zeroed, with a limit */
    struct question_item *items;
    struct question *first, *last;
    uint32_t count, limit, last_number;
};

enum { DNS_NAME_MAX = 253, DNS_LABEL_MAX = 63, DNS_RECORDS_MAX = 64 };

/* The one that is known still or under way, or a new one. Borrowed until the next call of
 * questions_ask or questions_answer. SYNTAX: that is no name. LIMIT: too many are under way.
 * MEMORY.
 */
enum err questions_ask(struct questions *questions, uint64_t now_us, struct view name,
                       uint16_t type, struct question **out) NODISCARD;
struct question *questions_next(struct questions *questions); /* to be asked; NULL: none */
/* Keeps the answer. NULL: nobody asked, or there was an answer already. *out_err MEMORY: it is
 * kept as if nothing had been found. */
struct question *questions_answer(struct questions *questions, uint64_t now_us,
                                  const struct packet *answer, enum err *out_err);
void questions_deinit(struct questions *questions);
