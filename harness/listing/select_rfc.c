#include "harness/listing/select_rfc.h"
#include "harness/catalogue/requirement.h"
#include "harness/gate/words.h"

struct rfc_section {
    struct view number, section; /* "3261", "17.1.1"; section empty: all of it */
};

/* "3261#17.1.1"; who writes "RFC 3261" or "rfc3261" means the same. */
static struct rfc_section section_of(const char *text)
{
    struct view rest = view_of(text);

    if (view_starts(rest, V("RFC")) || view_starts(rest, V("rfc")))
        rest = view_trim(view_skip(rest, 3));
    size_t hash = view_find_char(rest, '#');
    return (struct rfc_section){view_head(rest, hash), view_skip(rest, hash + 1)};
}

static bool is_of(const struct requirement *one, const struct rfc_section *asked)
{
    return view_equal(view_skip(one->rfc, sizeof "RFC " - 1), asked->number) &&
           (asked->section.len == 0 || requirement_in_section(one, asked->section));
}

static bool catalogue_has(const struct rfc_section *asked)
{
    for (size_t i = 0; i < requirement_count; i++)
        if (is_of(&requirements[i], asked))
            return true;
    return false;
}

static void complain(const char *text, const struct rfc_section *asked, struct buf *complaint)
{
    struct rfc_section whole = {.number = asked->number};
    uint64_t number = 0;

    if (!view_to_uint(asked->number, UINT32_MAX, &number))
        buf_printf(complaint,
                   "'--rfc %s': give the number of an RFC, and a section where not all "
                   "of it is meant, as in '--rfc 3261#17.1.1'",
                   text);
    else if (asked->section.len > 0 && catalogue_has(&whole))
        buf_printf(complaint,
                   "'--rfc %s': the catalogue has nothing of that section of RFC %.*s; leave it "
                   "out, or its last number",
                   text, VIEW_ARG(asked->number));
    else
        buf_printf(complaint, "'--rfc %s': the catalogue has nothing of RFC %.*s", text,
                   VIEW_ARG(asked->number));
}

enum err select_rfcs_check(const struct strings *rfcs, struct buf *complaint)
{
    for (size_t i = 0; i < rfcs->count; i++) {
        struct rfc_section asked = section_of(rfcs->items[i]);
        if (!catalogue_has(&asked)) {
            complain(rfcs->items[i], &asked, complaint);
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

static bool covers_any(struct view covers, const struct rfc_section *asked)
{
    for (struct view id; word_take(&covers, &id);) {
        const struct requirement *one = requirement_find(id);
        if (one != NULL && is_of(one, asked))
            return true;
    }
    return false;
}

bool select_rfcs_mean(const struct strings *rfcs, struct view covers)
{
    for (size_t i = 0; i < rfcs->count; i++) {
        struct rfc_section asked = section_of(rfcs->items[i]);
        if (covers_any(covers, &asked))
            return true;
    }
    return rfcs->count == 0;
}
