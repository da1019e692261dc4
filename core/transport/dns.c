#include "core/transport/dns.h"

#include "core/net/zone.h"
#include "core/transport/dns_parse.h"

#include <ares.h>
#include <event2/event.h>
#include <string.h>

enum {
    TIMEOUT_MS = 2000,
    TIMEOUT_MOST_MS = 60000,
    TRIES = 2,
    QUESTIONS_MAX = 4096,
    SERVER_ROOM = ADDR_TEXT_MAX + 1
};

struct watch { /* a socket of c-ares */
    struct watch *next;
    ares_socket_t fd;
    struct event *event;
    short ready; /* EV_READ, EV_WRITE: libevent says so */
    bool gone;
};

struct question {
    struct question *next;
    struct transport *transport;
    uint32_t party, number;
    uint16_t type;
    struct blob *name;
    struct blob *answer; /* as it came; NULL: none */
    bool answered;
};

struct dns {
    ares_channel channel;
    struct watch *watches;
    struct question *questions; /* newest first */
    uint32_t open, count;
    bool ending;
    struct question *told; /* that was handed out last */
    struct dns_message message;
};

static void ready(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    ((struct watch *)ctx)->ready |= what;
}

static struct watch *watch_get(struct dns *dns, ares_socket_t fd)
{
    struct watch *watch = dns->watches;
    while (watch != NULL && (watch->fd != fd || watch->gone))
        watch = watch->next;
    if (watch != NULL)
        return watch;
    watch = mem_zalloc(sizeof *watch);
    if (watch == NULL)
        return NULL;
    watch->fd = fd;
    watch->next = dns->watches;
    dns->watches = watch;
    return watch;
}

/* c-ares opens and closes sockets inside of its own calls: what is gone is freed after them. */
static void watch_set(void *ctx, ares_socket_t fd, int readable, int writable)
{
    struct transport *transport = ctx;
    struct watch *watch = watch_get(transport->dns, fd);
    short what = (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0) | EV_PERSIST);
    if (watch == NULL) {
        transport->lost = true;
        return;
    }
    if (watch->event != NULL)
        event_free(watch->event);
    watch->event = NULL;
    watch->gone = !readable && !writable;
    if (watch->gone)
        return;
    watch->event = event_new(transport->base, fd, what, ready, watch);
    if (watch->event == NULL || event_add(watch->event, NULL) != 0)
        transport->lost = true;
}

static void watches_sweep(struct dns *dns, bool all)
{
    struct watch **place = &dns->watches;
    while (*place != NULL) {
        struct watch *watch = *place;
        if (!watch->gone && !all) {
            place = &watch->next;
            continue;
        }
        *place = watch->next;
        if (watch->event != NULL)
            event_free(watch->event);
        mem_free(watch);
    }
}

/* No hosts file, no search list, and answers that are errors come as they are. */
static enum err channel_open(struct transport *transport, int timeout_ms)
{
    char lookups[] = "b";
    struct ares_options options = {
        .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
        .timeout = timeout_ms,
        .tries = TRIES,
        .lookups = lookups,
        .sock_state_cb = watch_set,
        .sock_state_cb_data = transport,
    };
    int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
                ARES_OPT_SOCK_STATE_CB;
    if (ares_library_init_mem(ARES_LIB_INIT_ALL, mem_alloc, mem_free, mem_realloc) != ARES_SUCCESS)
        return ERR_MEMORY;
    if (ares_init_options(&transport->dns->channel, &options, given) == ARES_SUCCESS)
        return ERR_OK;
    ares_library_cleanup();
    return ERR_MEMORY;
}

static enum err dns_open(struct transport *transport, int timeout_ms)
{
    if (transport->dns != NULL)
        return ERR_OK;
    transport->dns = mem_zalloc(sizeof *transport->dns);
    enum err err = transport->dns == NULL ? ERR_MEMORY : channel_open(transport, timeout_ms);
    if (err == ERR_OK)
        return ERR_OK;
    mem_free(transport->dns);
    transport->dns = NULL;
    return err;
}

enum err transport_resolver_set(struct driver *driver, const struct addr *server,
                                uint64_t patience_us)
{
    struct transport *transport = (struct transport *)driver;
    char text[SERVER_ROOM] = {0};
    uint64_t timeout_ms = patience_us / US_PER_MS;
    if (transport->dns != NULL)
        return ERR_STATE;
    enum err err = dns_open(
        transport, timeout_ms == 0 || timeout_ms > TIMEOUT_MOST_MS ? TIMEOUT_MS : (int)timeout_ms);
    if (err != ERR_OK)
        return err;
    (void)addr_text(server, text);
    return ares_set_servers_ports_csv(transport->dns->channel, text) == ARES_SUCCESS ? ERR_OK
                                                                                     : ERR_MEMORY;
}

static void question_free(struct dns *dns, struct question *question)
{
    struct question **place = &dns->questions;
    while (*place != question)
        place = &(*place)->next;
    *place = question->next;
    blob_unref(question->name);
    blob_unref(question->answer);
    mem_free(question);
    dns->count--;
}

static void answer_tell(struct transport *transport, uint32_t party, uint32_t number,
                        enum net_error error)
{
    struct packet packet = {.kind = PACKET_ANSWER, .query = number, .error = error};
    transport_arrived(transport, party, transport_now_ns(transport), &packet);
}

static enum net_error error_of(int status)
{
    switch (status) {
    case ARES_ETIMEOUT:
        return NET_TIMEOUT;
    case ARES_ECONNREFUSED:
        return NET_REFUSED;
    case ARES_ENOMEM:
        return NET_LIMIT;
    default:
        return NET_UNREACHABLE;
    }
}

static void answered(void *ctx, int status, int timeouts, unsigned char *bytes, int len)
{
    struct question *question = ctx;
    struct transport *transport = question->transport;
    (void)timeouts;
    transport->dns->open--;
    question->answered = true;
    if (transport->dns->ending)
        return;
    if (bytes != NULL && len > 0)
        question->answer = blob_create((struct view){(const char *)bytes, (size_t)len});
    enum net_error error = bytes == NULL              ? error_of(status)
                           : question->answer == NULL ? NET_LIMIT
                                                      : NET_OK;
    answer_tell(transport, question->party, question->number, error);
}

static struct question *question_create(struct transport *transport, uint32_t party,
                                        const struct effect *effect)
{
    struct dns *dns = transport->dns;
    struct question *question = dns->count < QUESTIONS_MAX ? mem_zalloc(sizeof *question) : NULL;
    if (question == NULL)
        return NULL;
    *question = (struct question){.transport = transport,
                                  .party = party,
                                  .number = effect->query,
                                  .type = effect->type,
                                  .name = blob_create(effect->name)};
    if (question->name == NULL) {
        mem_free(question);
        return NULL;
    }
    question->next = dns->questions;
    dns->questions = question;
    dns->count++;
    return question;
}

void dns_ask(struct transport *transport, uint32_t party, const struct effect *effect)
{
    struct question *question = dns_open(transport, TIMEOUT_MS) == ERR_OK
                                    ? question_create(transport, party, effect)
                                    : NULL;
    if (question == NULL) {
        answer_tell(transport, party, effect->query, NET_LIMIT);
        return;
    }
    transport->dns->open++;
    ares_query(transport->dns->channel, question->name->data, 1, effect->type, answered, question);
    watches_sweep(transport->dns, false);
}

bool dns_waits(const struct transport *transport)
{
    return transport->dns != NULL && transport->dns->open > 0;
}

uint64_t dns_until_us(const struct transport *transport, uint64_t now_us)
{
    struct timeval left;
    if (!dns_waits(transport) || ares_timeout(transport->dns->channel, NULL, &left) == NULL)
        return NEVER;
    uint64_t left_us = (uint64_t)left.tv_sec * US_PER_S + (uint64_t)left.tv_usec;
    return time_after(now_us, left_us);
}

void dns_drain(struct transport *transport)
{
    struct dns *dns = transport->dns;
    if (!dns_waits(transport))
        return;
    for (struct watch *watch = dns->watches; watch != NULL; watch = watch->next) {
        short what = watch->ready;
        watch->ready = 0;
        if (what != 0 && !watch->gone)
            ares_process_fd(dns->channel, (what & EV_READ) != 0 ? watch->fd : ARES_SOCKET_BAD,
                            (what & EV_WRITE) != 0 ? watch->fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what is due */
    watches_sweep(dns, false);
}

static struct question *question_find(struct dns *dns, uint32_t party, uint32_t number)
{
    struct question *question = dns == NULL ? NULL : dns->questions;
    while (question != NULL &&
           (!question->answered || question->party != party || question->number != number))
        question = question->next;
    return question;
}

/* What cannot be read is as good as a server that failed. */
void dns_told(struct transport *transport, uint32_t party, struct packet *packet)
{
    struct dns *dns = transport->dns;
    struct question *question =
        packet->kind == PACKET_ANSWER ? question_find(dns, party, packet->query) : NULL;
    if (question == NULL)
        return;
    if (dns->told != NULL)
        question_free(dns, dns->told);
    dns->told = question;
    question->answered = false; /* it is not found again */
    packet->name = blob_view(question->name);
    packet->type = question->type;
    if (question->answer == NULL)
        return;
    enum err err = dns_parse(blob_view(question->answer), &dns->message);
    packet->rcode = err == ERR_OK ? dns->message.rcode : DNS_SERVFAIL;
    packet->records = dns->message.records;
    packet->record_count = dns->message.record_count;
}

void dns_deinit(struct transport *transport)
{
    struct dns *dns = transport->dns;
    if (dns == NULL)
        return;
    dns->ending = true;
    ares_destroy(dns->channel);
    while (dns->questions != NULL)
        question_free(dns, dns->questions);
    watches_sweep(dns, true);
    dns_message_deinit(&dns->message);
    ares_library_cleanup();
    mem_free(dns);
    transport->dns = NULL;
}
