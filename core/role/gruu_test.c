/* URIs of one instance, RFC 5627: what they lead to, and for how long. */
#include "core/role/location.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ALICE "sip:alice@example.com"
#define ONE ";+sip.instance=\"<urn:uuid:1>\""
#define TWO ";+sip.instance=\"<urn:uuid:2>\""

struct book {
    struct location *location;
    struct arena arena;
    uint64_t now_us;
    uint32_t cseq;
};

static void book_open(struct book *book)
{
    *book = (struct book){.now_us = US_PER_S};
    assert_int_equal(location_create(&(struct location_options){.secret = 7}, &book->location),
                     ERR_OK);
}

static void book_close(struct book *book)
{
    location_unref(book->location);
    arena_deinit(&book->arena);
}

static struct sip_uri uri_of(struct book *book, struct view text)
{
    struct sip_uri uri;
    assert_int_equal(sip_uri_parse(arena_copy(&book->arena, text), &book->arena, &uri), ERR_OK);
    return uri;
}

static void enter(struct book *book, const char *call_id, const char *contact, uint32_t expires_s)
{
    struct sip_name_addr value;
    struct view text = arena_copy(&book->arena, view_of(contact));
    assert_int_equal(sip_name_addr_parse(text, &book->arena, &value), ERR_OK);
    struct location_contact one = {&value, expires_s};
    struct sip_uri uri = uri_of(book, V(ALICE));
    struct location_update update = {.address = &uri,
                                     .call_id = view_of(call_id),
                                     .cseq = ++book->cseq,
                                     .contacts = &one,
                                     .contact_count = 1};
    assert_int_equal(location_update(book->location, ++book->now_us, &update), ERR_OK);
}

static const struct sip_binding *binding_of(struct book *book, struct view instance)
{
    struct sip_uri uri = uri_of(book, V(ALICE));
    const struct sip_binding *b = location_find(book->location, book->now_us, &uri);
    while (b != NULL && !view_equal(b->instance, instance))
        b = b->next;
    assert_non_null(b);
    return b;
}

static struct view public_of(struct book *book, struct view instance)
{
    struct buf buf = {0};
    struct sip_uri uri = uri_of(book, V(ALICE));
    gruu_write_public(&buf, &uri, binding_of(book, instance));
    struct view text = arena_copy(&book->arena, buf_view(&buf));
    buf_deinit(&buf);
    return text;
}

static struct view temporary_of(struct book *book, struct view instance)
{
    struct buf buf = {0};
    struct sip_uri uri = uri_of(book, V(ALICE));
    assert_int_equal(gruu_write_temporary(book->location, &buf, &uri, binding_of(book, instance)),
                     ERR_OK);
    struct view text = arena_copy(&book->arena, buf_view(&buf));
    buf_deinit(&buf);
    return text;
}

/* The contact that it leads to; "nobody", "none". */
static void expect_found(struct book *book, struct view gruu, const char *contact)
{
    const struct sip_binding *binding;
    struct sip_uri uri = uri_of(book, gruu);
    assert_true(gruu_is(&uri));
    enum err err = location_find_gruu(book->location, book->now_us, &uri, &binding);
    struct view found = err == ERR_ABSENT ? V("none") : V("nobody");
    if (err == ERR_OK && binding != NULL)
        found = binding->contact;
    if (!view_equal(found, view_of(contact)))
        fail_msg("%.*s leads to %.*s, not to %s", VIEW_ARG(gruu), VIEW_ARG(found), contact);
}

#define FIRST V("<urn:uuid:1>")
#define SECOND V("<urn:uuid:2>")

static void each_instance_has_its_own(void **state)
{
    (void)state;
    struct book book;
    book_open(&book);
    enter(&book, "a", "<sip:a@192.0.2.1>" ONE, 60);
    enter(&book, "b", "<sip:a@192.0.2.2>" TWO, 60);
    assert_true(view_equal(public_of(&book, FIRST), V(ALICE ";gr=urn:uuid:1")));
    expect_found(&book, public_of(&book, FIRST), "sip:a@192.0.2.1");
    expect_found(&book, public_of(&book, SECOND), "sip:a@192.0.2.2");
    expect_found(&book, temporary_of(&book, FIRST), "sip:a@192.0.2.1");
    expect_found(&book, temporary_of(&book, SECOND), "sip:a@192.0.2.2");
    expect_found(&book, V(ALICE ";gr=urn%3auuid:1"), "sip:a@192.0.2.1");
    expect_found(&book, V(ALICE ";gr=urn:uuid:3"), "nobody");
    book_close(&book);
}

/* §5.1: all of one Call-ID are good, and none of an older one. */
static void temporary_ones_add_up_until_the_call_id_changes(void **state)
{
    (void)state;
    struct book book;
    book_open(&book);
    enter(&book, "a", "<sip:a@192.0.2.1>" ONE, 60);
    struct view first = temporary_of(&book, FIRST);
    enter(&book, "a", "<sip:a@192.0.2.1>" ONE, 60);
    struct view second = temporary_of(&book, FIRST);
    assert_false(view_equal(first, second));
    expect_found(&book, first, "sip:a@192.0.2.1");
    expect_found(&book, second, "sip:a@192.0.2.1");
    enter(&book, "other", "<sip:a@192.0.2.7>" ONE, 60); /* it has started anew */
    expect_found(&book, first, "none");
    expect_found(&book, second, "none");
    expect_found(&book, public_of(&book, FIRST), "sip:a@192.0.2.7"); /* §6.1: the newest */
    expect_found(&book, temporary_of(&book, FIRST), "sip:a@192.0.2.7");
    book_close(&book);
}

/* §5.3 */
static void the_public_one_outlives_its_registration(void **state)
{
    (void)state;
    struct book book;
    book_open(&book);
    enter(&book, "a", "<sip:a@192.0.2.1>" ONE, 60);
    struct view public = public_of(&book, FIRST), temporary = temporary_of(&book, FIRST);
    book.now_us += 60 * US_PER_S;
    expect_found(&book, public, "nobody");
    expect_found(&book, temporary, "none");
    enter(&book, "b", "<sip:a@192.0.2.9>" ONE, 60);
    expect_found(&book, public, "sip:a@192.0.2.9");
    expect_found(&book, temporary, "none");
    book_close(&book);
}

static void what_is_none_is_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "sip:alice@example.com;gr",
        "sip:tgruu.@example.com;gr",
        "sip:tgruu.zz@example.com;gr",
        "sip:tgruu.000000000000000000000000000000000000000000000000@example.com;gr",
        "sip:tgruu.0000000000000000000000000000000000000000000000000@example.com;gr",
        "sip:example.com;gr",
    };
    struct book book;
    book_open(&book);
    enter(&book, "a", "<sip:a@192.0.2.1>" ONE, 60);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_found(&book, view_of(rows[i]), "none");
    struct view good = temporary_of(&book, FIRST);
    for (size_t i = 0; i < 48; i++) { /* each of its digits counts */
        char *changed = (char *)arena_copy(&book.arena, good).ptr;
        char *digit = changed + sizeof "sip:tgruu." - 1 + i;
        *digit = *digit == '5' ? '6' : '5';
        expect_found(&book, (struct view){changed, good.len}, "none");
    }
    struct sip_uri plain = uri_of(&book, V(ALICE));
    assert_false(gruu_is(&plain));
    book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instance_has_its_own),
        cmocka_unit_test(temporary_ones_add_up_until_the_call_id_changes),
        cmocka_unit_test(the_public_one_outlives_its_registration),
        cmocka_unit_test(what_is_none_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
