#include "reports/report.h"

/* Letters, digits and what stands for one thing only; all else is a dash, and then a part of the
 * id's hash keeps two cases apart that look alike. */
enum { SLUG_MOST = 100, SLUG_HASH = 9 };

struct slug {
    char *room;
    size_t len, size;
    bool lossy;
};

static void slug_add(struct slug *slug, char c)
{
    if (slug->len < slug->size)
        slug->room[slug->len++] = c;
    else
        slug->lossy = true;
}

static void slug_text(struct slug *slug, struct view text, char dash_for)
{
    bool dashed = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool upper = c >= 'A' && c <= 'Z';
        bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool dash = c == dash_for && !dashed;
        slug->lossy = slug->lossy || upper || !(kept || dash);
        if (kept)
            slug_add(slug, upper ? (char)(c - 'A' + 'a') : c);
        else if (!dashed)
            slug_add(slug, '-');
        dashed = !kept;
    }
    while (slug->len > 0 && slug->room[slug->len - 1] == '-') {
        slug->len--;
        slug->lossy = true;
    }
}

struct view report_name(const struct report_case *one)
{
    return one->name.len > 0 ? one->name : one->id;
}

struct view report_slug(const struct report_case *one, char *room, size_t room_len)
{
    ASSERT(room_len > SLUG_HASH + 1);
    size_t most = room_len - 1 < SLUG_MOST ? room_len - 1 : SLUG_MOST;
    struct slug slug = {.room = room, .size = most - SLUG_HASH};
    struct view file = one->file;
    if (view_ends(file, V(".lua")))
        file.len -= 4;
    slug_text(&slug, file, '/');
    slug_add(&slug, '_');
    slug_text(&slug, one->name, ' ');
    if (slug.lossy) {
        char hash[SLUG_HASH + 1];
        snprintf(hash, sizeof hash, "-%08x", (unsigned)(view_hash(one->id) & 0xffffffffu));
        slug.size = most;
        for (size_t i = 0; i < SLUG_HASH; i++)
            slug_add(&slug, hash[i]);
    }
    room[slug.len] = '\0';
    return (struct view){room, slug.len};
}
