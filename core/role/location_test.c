#include "core/role/location.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { CONTACTS_MAX = 100 };

struct book { /* a location, and REGISTERs for it */
    struct location *location;
    struct arena arena;
    uint64_t now_us;
};

static void book_open(struct book *book, uint32_t address_limit, uint32_t binding_limit)
{
    struct location_options options = {.address_limit = address_limit,
                                       .binding_limit = binding_limit};
    *book = (struct book){0};
    assert_int_equal(location_create(&options, &book->location), ERR_OK);
}

static void book_close(struct book *book)
{
    location_unref(book->location);
    arena_deinit(&book->arena);
}

static struct sip_uri uri_of(struct book *book, const char *text)
{
    struct sip_uri uri;
    assert_int_equal(sip_uri_parse(arena_copy(&book->arena, view_of(text)), &book->arena, &uri),
                     ERR_OK);
    return uri;
}

static const struct addr there = {
    .family = 4, .ip = {192, 0, 2, 7},
         .port = 5070
};

struct wish { /* a REGISTER of bob's in short */
    const char *call_id;
    uint32_t cseq;
    const char *contacts[4]; /* values, the last one NULL */
    uint32_t expires_s;
    bool all, flows;
    uint32_t link; /* over TCP; 0: a datagram */
};

static enum err apply(struct book *book, const char *address, const struct wish *wish)
{
    struct location_contact contacts[4];
    struct sip_name_addr values[4];
    struct sip_uri uri = uri_of(book, address);
    size_t count = 0;
    for (; count < 4 && wish->contacts[count] != NULL; count++) {
        struct view text = arena_copy(&book->arena, view_of(wish->contacts[count]));
        assert_int_equal(sip_name_addr_parse(text, &book->arena, &values[count]), ERR_OK);
        contacts[count] = (struct location_contact){&values[count], wish->expires_s};
    }
    struct location_update update = {
        .address = &uri,
        .call_id = view_of(wish->call_id),
        .cseq = wish->cseq,
        .all = wish->all,
        .flows = wish->flows,
        .link = {.index = wish->link, .gen = wish->link != 0},
        .proto = wish->link == 0 ? PROTO_UDP : PROTO_TCP,
        .source = there,
        .contacts = contacts,
        .contact_count = count
    };
    return location_update(book->location, book->now_us, &update);
}

static enum err register_bob(struct book *book, struct wish wish)
{
    return apply(book, "sip:bob@biloxi.com", &wish);
}

/* "sip:a sip:b": the URIs in the order in which they are to be tried. */
static const char *listed(struct book *book, const char *address)
{
    static char text[1024];
    struct sip_uri uri = uri_of(book, address);
    text[0] = 0;
    for (const struct sip_binding *b = location_find(book->location, book->now_us, &uri); b != NULL;
         b = b->next)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.*s", text[0] == 0 ? "" : " ",
                 VIEW_ARG(b->contact));
    return text;
}

#define BOB "sip:bob@biloxi.com"

static void a_binding_lasts_until_it_expires(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book, (struct wish){"1", 1, {"<sip:a>"}, .expires_s = 60}),
                     ERR_OK);
    book.now_us = 60 * US_PER_S - 1;
    assert_string_equal(listed(&book, BOB), "sip:a");
    book.now_us++;
    assert_string_equal(listed(&book, BOB), "");
    assert_int_equal(location_count(book.location), 0);
    book_close(&book);
}

static void bindings_come_in_order_of_q_the_newest_first(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    struct wish first = {
        "1", 1, {"<sip:a>;q=0.5", "<sip:b>;q=1.0", "<sip:c>;q=0.501"},
          .expires_s = 60
    };
    struct wish second = {
        "2", 1, {"<sip:d>;q=0.5", "<sip:e>;q=7"},
          .expires_s = 60
    };
    assert_int_equal(register_bob(&book, first), ERR_OK);
    assert_int_equal(register_bob(&book, second), ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:e sip:b sip:c sip:d sip:a");
    book_close(&book);
}

/* RFC 3261 §10.3 step 5. */
static void an_address_is_the_same_in_any_of_its_forms(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book, (struct wish){"1", 1, {"<sip:a>"}, .expires_s = 60}),
                     ERR_OK);
    assert_string_equal(listed(&book, "sip:b%6fb@BILOXI.com;transport=tcp"), "sip:a");
    assert_string_equal(listed(&book, "sip:Bob@biloxi.com"), "");
    assert_string_equal(listed(&book, "sips:bob@biloxi.com"), "");
    book_close(&book);
}

/* RFC 3261 §10.3 step 7: of one Call-ID only what is newer counts; another one is another start. */
static void what_is_out_of_order_changes_nothing(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book, (struct wish){"1", 5, {"<sip:a>"}, .expires_s = 60}),
                     ERR_OK);
    struct wish same = {
        "1", 5, {"<sip:b>", "<sip:a>"},
          .expires_s = 60
    };
    struct wish older = {"1", 4, {"<sip:a>"}, .expires_s = 0};
    struct wish other = {"2", 1, {"<sip:a>"}, .expires_s = 0};
    assert_int_equal(register_bob(&book, same), ERR_CONFLICT);
    assert_int_equal(register_bob(&book, older), ERR_CONFLICT);
    assert_string_equal(listed(&book, BOB), "sip:a"); /* b is not there either: all or nothing */
    assert_int_equal(register_bob(&book, other), ERR_OK);
    assert_string_equal(listed(&book, BOB), "");
    book_close(&book);
}

static void a_wildcard_removes_all_that_is_not_newer(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book,
                                  (struct wish){
                                      "1", 5, {"<sip:a>", "<sip:b>"},
                                        .expires_s = 60
    }),
                     ERR_OK);
    assert_int_equal(register_bob(&book, (struct wish){.call_id = "1", .cseq = 5, .all = true}),
                     ERR_CONFLICT);
    assert_string_equal(listed(&book, BOB), "sip:b sip:a");
    assert_int_equal(register_bob(&book, (struct wish){.call_id = "2", .cseq = 1, .all = true}),
                     ERR_OK);
    assert_string_equal(listed(&book, BOB), "");
    book_close(&book);
}

/* RFC 3261 §19.1.4: SIP:A is sip:a; with another transport it is another one. */
static void contacts_are_compared_as_uris(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book, (struct wish){"1", 1, {"<sip:b@A;x=1>"}, .expires_s = 60}),
                     ERR_OK);
    assert_int_equal(register_bob(&book, (struct wish){"1", 2, {"<sip:b@a;x=1>"}, .expires_s = 60}),
                     ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:b@a;x=1");
    assert_int_equal(
        register_bob(&book, (struct wish){"1", 3, {"<sip:b@a;transport=tcp>"}, .expires_s = 60}),
        ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:b@a;transport=tcp sip:b@a;x=1");
    book_close(&book);
}

/* RFC 5626 §6: the flow is the binding, whatever its URI; without "flows" it is not looked at. */
static void a_flow_replaces_itself_whatever_its_uri(void **state)
{
    (void)state;
    struct book book;
    struct wish first = {"1", 1, {"<sip:a>;+sip.instance=\"<urn:x>\";reg-id=1"}, 60, .flows = true};
    struct wish again = {"1", 2, {"<sip:b>;+sip.instance=\"<urn:x>\";reg-id=1"}, 60, .flows = true};
    struct wish other = {"1", 3, {"<sip:c>;+sip.instance=\"<urn:x>\";reg-id=2"}, 60, .flows = true};
    book_open(&book, 0, 0);
    assert_int_equal(register_bob(&book, first), ERR_OK);
    assert_int_equal(register_bob(&book, again), ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:b");
    assert_int_equal(register_bob(&book, other), ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:c sip:b");
    first.call_id = "2";
    first.flows = false;
    assert_int_equal(register_bob(&book, first), ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:a sip:c sip:b");
    book_close(&book);
}

static void lose(struct book *book, uint32_t link)
{
    struct location_lost lost = {
        .link = {link, link != 0},
          .proto = link == 0 ? PROTO_UDP : PROTO_TCP, .remote = there
    };
    location_flow_lost(book->location, &lost);
}

/* RFC 5626 §7: of all addresses; who was there by it is not forgotten before his time is over. */
static void what_goes_by_a_connection_ends_with_it(void **state)
{
    (void)state;
    struct book book;
    struct wish flow = {"1", 1, {"<sip:a>;+sip.instance=\"<urn:x>\";reg-id=1"}, 60, .flows = true};
    struct wish plain = {"2", 1, {"<sip:b>"}, 60, .link = 7};
    struct wish web = {"3", 1, {"<sip:c;ob>"}, 60, .link = 8};
    struct sip_uri carol;
    book_open(&book, 0, 0);
    carol = uri_of(&book, "sip:carol@biloxi.com");
    flow.link = 7;
    assert_int_equal(register_bob(&book, flow), ERR_OK);
    assert_int_equal(apply(&book, "sip:carol@biloxi.com", &flow), ERR_OK);
    assert_int_equal(register_bob(&book, plain), ERR_OK);
    assert_int_equal(register_bob(&book, web), ERR_OK);
    lose(&book, 9);
    assert_string_equal(listed(&book, BOB), "sip:c;ob sip:b sip:a");
    lose(&book, 7);
    assert_string_equal(listed(&book, BOB), "sip:c;ob sip:b");
    assert_null(location_find(book.location, 0, &carol));
    assert_true(location_knows(book.location, 0, &carol));
    flow.cseq = 2;
    flow.link = 8; /* by a new one */
    assert_int_equal(register_bob(&book, flow), ERR_OK);
    lose(&book, 7);
    assert_string_equal(listed(&book, BOB), "sip:a sip:c;ob sip:b");
    lose(&book, 8);
    assert_string_equal(listed(&book, BOB), "sip:b");
    flow.cseq = 3;
    flow.link = 0; /* datagrams */
    assert_int_equal(register_bob(&book, flow), ERR_OK);
    assert_string_equal(listed(&book, BOB), "sip:a sip:b");
    lose(&book, 0);
    assert_string_equal(listed(&book, BOB), "sip:b");
    assert_false(location_knows(book.location, 60 * US_PER_S, &carol));
    book_close(&book);
}

static void limits_hold_and_the_expired_make_room(void **state)
{
    (void)state;
    struct book book;
    struct wish wish =
                    {
                        "1", 1, {"<sip:a>", "<sip:b>"},
                          .expires_s = 60
    },
                more = {"1", 2, {"<sip:c>"}, .expires_s = 60};
    book_open(&book, 1, 2);
    assert_int_equal(register_bob(&book, wish), ERR_OK);
    assert_int_equal(register_bob(&book, more), ERR_LIMIT);
    assert_int_equal(apply(&book, "sip:carol@biloxi.com", &more), ERR_LIMIT);
    assert_string_equal(listed(&book, BOB), "sip:b sip:a");
    book.now_us = 60 * US_PER_S;
    assert_int_equal(apply(&book, "sip:carol@biloxi.com", &more), ERR_OK);
    book_close(&book);
}

/* One that replaces itself is no more than it was. */
static void at_the_limit_a_refresh_is_fine(void **state)
{
    (void)state;
    struct book book;
    book_open(&book, 1, 1);
    assert_int_equal(register_bob(&book, (struct wish){"1", 1, {"<sip:a>"}, .expires_s = 60}),
                     ERR_OK);
    assert_int_equal(register_bob(&book, (struct wish){"1", 2, {"<sip:a>;q=0.1"}, .expires_s = 60}),
                     ERR_OK);
    struct sip_uri uri = uri_of(&book, BOB);
    const struct sip_binding *b = location_find(book.location, 0, &uri);
    assert_int_equal(b->q_permille, 100);
    assert_true(view_equal(b->params, V(";q=0.1")));
    book_close(&book);
}

static enum err all_of_it(void *ctx)
{
    struct book book = {0};
    struct location_options options = {0};
    struct sip_uri uri = {.scheme = SIP_SCHEME_SIP,
                          .scheme_text = V("sip"),
                          .user = V("bob"),
                          .host = V("biloxi.com"),
                          .text = V(BOB)};
    struct sip_name_addr value = {.uri = uri};
    struct location_contact contact = {&value, 60};
    struct location_update update = {
        .address = &uri,
        .call_id = V("1"),
        .cseq = 1,
        .contacts = &contact,
        .contact_count = 1,
        .path = &uri.text,
        .path_count = 1,
        .link = {0, 1},
        .proto = PROTO_WS
    };
    (void)ctx;
    enum err err = location_create(&options, &book.location);
    if (err == ERR_OK)
        err = location_update(book.location, 0, &update);
    if (err == ERR_OK)
        assert_true(view_equal(location_find(book.location, 0, &uri)->path[0], uri.text));
    update.path_count = 0; /* by its flow then */
    update.cseq++;
    if (err == ERR_OK)
        err = location_update(book.location, 0, &update);
    book_close(&book);
    return err;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    test_each_oom(all_of_it, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binding_lasts_until_it_expires),
        cmocka_unit_test(bindings_come_in_order_of_q_the_newest_first),
        cmocka_unit_test(an_address_is_the_same_in_any_of_its_forms),
        cmocka_unit_test(what_is_out_of_order_changes_nothing),
        cmocka_unit_test(a_wildcard_removes_all_that_is_not_newer),
        cmocka_unit_test(contacts_are_compared_as_uris),
        cmocka_unit_test(a_flow_replaces_itself_whatever_its_uri),
        cmocka_unit_test(what_goes_by_a_connection_ends_with_it),
        cmocka_unit_test(limits_hold_and_the_expired_make_room),
        cmocka_unit_test(at_the_limit_a_refresh_is_fine),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
