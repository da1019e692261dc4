#include "harness/catalogue/rfc_fixture.h"
#include "harness/catalogue/requirement.h"

#include <ctype.h>
#include <stdio.h>

enum { SECTIONS_MOST = 1000 };

struct rfc_section {
    struct view number; /* "17.1.1.2" or "A.1", borrowed from the file */
    struct buf words;
};

struct rfc_text {
    struct buf file;
    struct rfc_section sections[SECTIONS_MOST];
    size_t count;
};

/* Blanks are one, and none stands behind a hyphen: a line may end there. */
static void words_add(struct buf *out, struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = isspace((unsigned char)text.ptr[i]) ? ' ' : text.ptr[i];
        char before = out->len == 0 ? ' ' : out->ptr[out->len - 1];
        if (c != ' ' || (before != ' ' && before != '-'))
            buf_add_char(out, c);
    }
}

/* The head and the foot of a page: "Rosenberg, et. al.   Standards Track   [Page 123]". */
static bool is_page_break(struct view line)
{
    bool foot = view_find(line, V("[Page ")) < line.len && view_ends(view_trim(line), V("]"));
    bool head = view_starts(line, V("RFC ")) && view_find(line, V("   ")) < line.len;

    return view_find_char(line, '\f') < line.len || foot || head;
}

/* "17.1.1.2 Formal Description", "A.1. Example"; not a line of the table of contents. */
static struct view heading_number(struct view line)
{
    size_t len = 0;

    if (view_starts(line, V("Appendix ")))
        line = view_skip(line, V("Appendix ").len);
    bool lettered = line.len > 1 && isupper((unsigned char)line.ptr[0]) &&
                    (line.ptr[1] == '.' || line.ptr[1] == ' ');
    if (lettered)
        len = 1;
    while (len < line.len &&
           (isdigit((unsigned char)line.ptr[len]) || (line.ptr[len] == '.' && len + 1 < line.len &&
                                                      isdigit((unsigned char)line.ptr[len + 1]))))
        len++;
    struct view rest = view_skip(line, len);
    if (view_starts(rest, V(".")))
        rest = view_skip(rest, 1);
    bool named = rest.len > 1 && rest.ptr[0] == ' ' && view_trim(rest).len > 0;
    bool listed = view_find(rest, V("....")) < rest.len || view_find(rest, V(". .")) < rest.len;
    return named && !listed ? view_head(line, len) : V("");
}

static void sections_read(struct rfc_text *text)
{
    struct view rest = buf_view(&text->file);

    for (size_t len; rest.len > 0; rest = view_skip(rest, len + 1)) {
        len = view_find_char(rest, '\n');
        struct view line = view_head(rest, len), number = heading_number(line);
        if (is_page_break(line))
            continue;
        if (number.len > 0) {
            ASSERT(text->count < SECTIONS_MOST);
            text->sections[text->count++] = (struct rfc_section){.number = number};
        }
        if (text->count > 0) {
            words_add(&text->sections[text->count - 1].words, line);
            words_add(&text->sections[text->count - 1].words, V(" "));
        }
    }
}

struct rfc_text *rfc_text_load(const char *folder, struct view rfc)
{
    char path[500];
    struct view number = view_skip(rfc, V("RFC ").len);
    snprintf(path, sizeof path, "%s/rfc%.*s.txt", folder, VIEW_ARG(number));
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return NULL;
    struct rfc_text *text = mem_zalloc(sizeof *text);
    ASSERT(text != NULL);
    for (size_t got = 1; got > 0; text->file.len += got) {
        char *room = buf_room(&text->file, 1 << 16);
        ASSERT(room != NULL);
        got = fread(room, 1, 1 << 16, file);
    }
    fclose(file);
    sections_read(text);
    return text;
}

static bool section_has(const struct rfc_text *text, struct view section, struct view words)
{
    for (size_t i = 0; i < text->count; i++) {
        struct view all = buf_view(&text->sections[i].words);
        if (section_is_inside(text->sections[i].number, section) && view_find(all, words) < all.len)
            return true;
    }
    return false;
}

bool rfc_text_has(const struct rfc_text *text, struct view section, struct view words)
{
    struct buf wanted = {0};

    words_add(&wanted, view_trim(words));
    bool found = wanted.len == 0 || section_has(text, section, buf_view(&wanted));
    buf_deinit(&wanted);
    return found;
}

void rfc_text_destroy(struct rfc_text *text)
{
    if (text == NULL)
        return;
    for (size_t i = 0; i < text->count; i++)
        buf_deinit(&text->sections[i].words);
    buf_deinit(&text->file);
    mem_free(text);
}
