#include "core/transport/dns_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER_LEN = 12, ROOM_LEN = 65536, TRUNCATED = 0x200, ANSWER = 0x8180 };

static void add16(struct buf *buf, uint32_t value)
{
    buf_add_char(buf, (char)(value >> 8));
    buf_add_char(buf, (char)value);
}

static void add32(struct buf *buf, uint32_t value)
{
    add16(buf, value >> 16);
    add16(buf, value & 0xffff);
}

static void add_name(struct buf *buf, struct view name)
{
    while (name.len > 0 && !view_equal(name, V("."))) {
        size_t len = view_find_char(name, '.');
        buf_add_char(buf, (char)len);
        buf_add(buf, view_head(name, len));
        name = view_skip(name, len + 1);
    }
    buf_add_char(buf, 0);
}

static void add_text(struct buf *buf, struct view text)
{
    buf_add_char(buf, (char)text.len);
    buf_add(buf, text);
}

static void add_data(struct buf *buf, const struct dns_record *record)
{
    if (record->type == DNS_A || record->type == DNS_AAAA) {
        buf_add(buf, (struct view){(const char *)record->ip, record->type == DNS_A ? 4 : 16});
        return;
    }
    if (record->type != DNS_CNAME) {
        add16(buf, record->a);
        add16(buf, record->b);
    }
    if (record->type == DNS_SRV)
        add16(buf, record->port);
    if (record->type == DNS_NAPTR) {
        add_text(buf, record->flags);
        add_text(buf, record->service);
        add_text(buf, record->regexp);
    }
    add_name(buf, record->name);
}

static void add_record(struct buf *buf, struct view asked, const struct dns_record *record)
{
    struct buf data = {0};
    if (view_equal_nocase(record->owner, asked))
        add16(buf, 0xc000 | HEADER_LEN); /* points to the question */
    else
        add_name(buf, record->owner);
    add16(buf, record->type);
    add16(buf, 1);
    add32(buf, record->ttl_s);
    add_data(&data, record);
    add16(buf, (uint32_t)data.len);
    buf_add(buf, buf_view(&data));
    buf_deinit(&data);
}

static void add_head(struct buf *buf, uint16_t id, uint32_t flags, size_t answers, size_t soas)
{
    add16(buf, id);
    add16(buf, flags);
    add16(buf, 1);
    add16(buf, (uint32_t)answers);
    add16(buf, (uint32_t)soas);
    add16(buf, 0);
}

static void add_soa(struct buf *buf)
{
    add16(buf, 0xc000 | HEADER_LEN);
    add16(buf, DNS_SOA);
    add16(buf, 1);
    add32(buf, 300);
    add16(buf, 22);
    buf_add(buf, (struct view){"\0\0", 2});
    for (uint32_t i = 1; i <= 5; i++)
        add32(buf, i * 10); /* the last: 50 s */
}

void dns_answer_write(struct buf *buf, uint16_t id, struct view name, uint16_t type,
                      const struct zone_reply *reply)
{
    bool none = reply->record_count == 0;
    add_head(buf, id, ANSWER | reply->rcode, reply->record_count, none);
    add_name(buf, name);
    add16(buf, type);
    add16(buf, 1);
    for (size_t i = 0; i < reply->record_count; i++)
        add_record(buf, name, &reply->records[i]);
    if (none)
        add_soa(buf);
}

static uint16_t read16(struct view bytes, size_t at)
{
    const unsigned char *ptr = (const unsigned char *)bytes.ptr;
    assert_true(at + 2 <= bytes.len);
    return (uint16_t)(ptr[at] << 8 | ptr[at + 1]);
}

/* The question's name, with dots, and where its type stands. */
static size_t read_name(struct view bytes, struct buf *out)
{
    size_t at = HEADER_LEN;
    while (at < bytes.len && bytes.ptr[at] != 0) {
        size_t len = (unsigned char)bytes.ptr[at];
        buf_add(out, out->len == 0 ? V("") : V("."));
        buf_add(out, view_head(view_skip(bytes, at + 1), len));
        at += len + 1;
    }
    return at + 1;
}

static void spoil(const struct dns_server *server, struct buf *out, struct view name, uint16_t type,
                  uint16_t id)
{
    buf_clear(out);
    if (server->how == DNS_NOISE) {
        add_head(out, id, ANSWER, 9, 9);
        buf_add(out, V("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"));
        return;
    }
    add_head(out, id, ANSWER, 1, 0);
    add_name(out, name);
    add16(out, type);
    add16(out, 1);
    if (server->how == DNS_LOOP)
        add16(out, 0xc000 | (uint32_t)out->len); /* to itself */
    else
        add_name(out, V("a.very.long.name.that.is.cut"));
    if (server->how == DNS_CUT)
        out->len -= 9;
}

static void answer(struct dns_server *server, struct view query, bool tcp, struct buf *out)
{
    static struct zone_reply reply;
    struct buf name = {0};
    size_t at = read_name(query, &name);
    uint16_t id = read16(query, 0), type = read16(query, at);
    zone_ask(&server->zone, buf_view(&name), type, &reply);
    dns_answer_write(out, id, buf_view(&name), type, &reply);
    if (server->how == DNS_TRUNCATED && !tcp) {
        buf_clear(out);
        add_head(out, id, ANSWER | TRUNCATED, 0, 0);
        buf_add(out, view_skip(view_head(query, at + 4), HEADER_LEN));
    } else if (server->how >= DNS_LOOP) {
        spoil(server, out, buf_view(&name), type, id);
    }
    buf_deinit(&name);
}

static int socket_at(int type, struct sockaddr_in *name)
{
    int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    socklen_t len = sizeof *name;
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)name, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)name, &len), 0);
    return fd;
}

void dns_server_open(struct dns_server *server)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *server = (struct dns_server){.stream = -1};
    server->tcp = socket_at(SOCK_STREAM, &name);
    assert_int_equal(listen(server->tcp, 8), 0);
    server->udp = socket_at(SOCK_DGRAM, &name); /* the same port */
    server->addr = (struct addr){
        .family = 4, .ip = {127, 0, 0, 1},
             .port = ntohs(name.sin_port)
    };
}

void dns_server_close(struct dns_server *server)
{
    close(server->udp);
    close(server->tcp);
    if (server->stream >= 0)
        close(server->stream);
    zone_deinit(&server->zone);
}

void dns_server_add(struct dns_server *server, struct view name, const struct dns_record *record)
{
    struct zone_name *entry = (struct zone_name *)zone_find(&server->zone, name);
    if (entry == NULL)
        assert_int_equal(zone_name_add(&server->zone, name, &entry), ERR_OK);
    if (record != NULL)
        assert_int_equal(zone_record_add(entry, record), ERR_OK);
}

static bool serve_datagram(struct dns_server *server, char *room)
{
    struct sockaddr_in from;
    socklen_t from_len = sizeof from;
    struct buf out = {0};
    ssize_t len = recvfrom(server->udp, room, ROOM_LEN, 0, (struct sockaddr *)&from, &from_len);
    if (len < 0)
        return false;
    server->asked++;
    if (server->how == DNS_SILENT)
        return true;
    answer(server, (struct view){room, (size_t)len}, false, &out);
    if (server->how == DNS_FORGED_FIRST) {
        struct buf forged = {0};
        buf_add(&forged, buf_view(&out));
        forged.ptr[1] ^= 1;
        forged.ptr[forged.len - 1] ^= 0x55; /* of the address */
        (void)!sendto(server->udp, forged.ptr, forged.len, 0, (struct sockaddr *)&from, from_len);
        buf_deinit(&forged);
    }
    (void)!sendto(server->udp, out.ptr, out.len, 0, (struct sockaddr *)&from, from_len);
    buf_deinit(&out);
    return true;
}

static void serve_stream(struct dns_server *server, char *room)
{
    struct buf out = {0}, framed = {0};
    if (server->stream < 0)
        server->stream = accept(server->tcp, NULL, NULL);
    if (server->stream < 0)
        return;
    (void)fcntl(server->stream, F_SETFL, O_NONBLOCK);
    ssize_t len = recv(server->stream, room, ROOM_LEN, 0); /* small: it comes in one piece */
    if (len > 2) {
        server->asked_tcp++;
        answer(server, (struct view){room + 2, (size_t)len - 2}, true, &out);
        add16(&framed, (uint32_t)out.len);
        buf_add(&framed, buf_view(&out));
        (void)!send(server->stream, framed.ptr, framed.len, MSG_NOSIGNAL);
    } else if (len == 0) {
        close(server->stream);
        server->stream = -1;
    }
    buf_deinit(&out);
    buf_deinit(&framed);
}

void dns_server_serve(struct dns_server *server)
{
    static char room[ROOM_LEN];
    while (serve_datagram(server, room))
        continue;
    serve_stream(server, room);
}
