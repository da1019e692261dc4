#include "core/role/location_private.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { ADDRESSES_DEFAULT = 100000, BINDINGS_DEFAULT = 64 };

struct place { /* an address-of-record */
    UT_hash_handle hh;
    struct sip_binding *first;
    struct handle handle;
    uint64_t known_until_us; /* by bindings whose connections are gone */
    bool lost;
    size_t key_len;
    char key[];
};

enum err location_create(const struct location_options *options, struct location **out)
{
    struct location *l = mem_zalloc(sizeof *l);
    if (l == NULL)
        return ERR_MEMORY;
    l->refs = 1;
    l->address_limit = options->address_limit != 0 ? options->address_limit : ADDRESSES_DEFAULT;
    l->binding_limit = options->binding_limit != 0 ? options->binding_limit : BINDINGS_DEFAULT;
    l->secret = options->secret;
    *out = l;
    return ERR_OK;
}

struct location *location_ref(struct location *l)
{
    l->refs++;
    return l;
}

static void place_remove(struct location *l, struct place *place)
{
    HASH_DEL(l->places, place);
    table_remove(&l->numbers, place->handle);
    bindings_free(l, place->first);
    mem_free(place);
}

void location_clear(struct location *l)
{
    while (l->places != NULL)
        place_remove(l, l->places);
}

void location_unref(struct location *l)
{
    if (l == NULL || --l->refs > 0)
        return;
    location_clear(l);
    table_deinit(&l->numbers);
    addr_map_deinit(&l->flows);
    buf_deinit(&l->key);
    arena_deinit(&l->scratch);
    mem_free(l);
}

uint32_t location_count(const struct location *l)
{
    return HASH_COUNT(l->places);
}

/* RFC 3261 §10.3 step 5, §19.1.4: the host in lower case, a default port is not left out. */
static bool key_write(struct location *l, const struct sip_uri *uri)
{
    struct buf *key = &l->key;
    struct view user = sip_unescape(uri->user, &l->scratch);
    buf_clear(key);
    buf_add(key, uri->scheme_text);
    buf_add_char(key, ':');
    buf_add(key, user);
    buf_add_char(key, '@');
    for (size_t i = 0; i < uri->host.len; i++)
        buf_add_char(key, char_lower(uri->host.ptr[i]));
    if (uri->port != 0)
        buf_printf(key, ":%u", uri->port);
    return key->failed == ERR_OK && (uri->user.ptr == NULL || user.ptr != NULL);
}

/* Those that are over are no bindings, nor are those that nobody can be reached by. */
static void place_purge(struct location *l, struct place *place, uint64_t now_us)
{
    struct sip_binding **at = &place->first;
    while (*at != NULL) {
        struct sip_binding *binding = *at;
        if (!binding->lost && binding->expires_us > now_us) {
            at = &binding->next;
            continue;
        }
        if (binding->lost && binding->expires_us > place->known_until_us)
            place->known_until_us = binding->expires_us;
        *at = binding->next;
        binding_free(l, binding);
    }
}

static bool is_over(const struct place *place, uint64_t now_us)
{
    return place->first == NULL && place->known_until_us <= now_us;
}

static void purge_all(struct location *l, uint64_t now_us)
{
    struct place *place = l->places, *next;
    for (; place != NULL; place = next) {
        next = place->hh.next;
        place_purge(l, place, now_us);
        if (is_over(place, now_us))
            place_remove(l, place);
    }
}

/* The place of the address that was written last. */
static struct place *place_find(const struct location *l)
{
    struct place *place;
    HASH_FIND(hh, l->places, l->key.ptr, l->key.len, place);
    return place;
}

static enum err place_make(struct location *l, struct place **out)
{
    struct place *place = mem_zalloc(sizeof *place + l->key.len);
    if (place == NULL)
        return ERR_MEMORY;
    place->key_len = l->key.len;
    memcpy(place->key, l->key.ptr, l->key.len);
    enum err err = table_add(&l->numbers, place, &place->handle);
    if (err != ERR_OK) {
        mem_free(place);
        return err;
    }
    HASH_ADD(hh, l->places, key, place->key_len, place);
    if (!place->lost) {
        *out = place;
        return ERR_OK;
    }
    table_remove(&l->numbers, place->handle);
    mem_free(place);
    return ERR_MEMORY;
}

/* What is left of it. */
static const struct sip_binding *look(struct location *l, uint64_t now_us, struct place *place)
{
    if (place == NULL)
        return NULL;
    place_purge(l, place, now_us);
    if (!is_over(place, now_us))
        return place->first;
    place_remove(l, place);
    return NULL;
}

const struct sip_binding *location_find(struct location *l, uint64_t now_us,
                                        const struct sip_uri *address)
{
    arena_reset(&l->scratch);
    return look(l, now_us, key_write(l, address) ? place_find(l) : NULL);
}

bool location_knows(struct location *l, uint64_t now_us, const struct sip_uri *address)
{
    (void)location_find(l, now_us, address);
    return key_write(l, address) && place_find(l) != NULL;
}

struct handle location_place(struct location *l, const struct sip_uri *address)
{
    arena_reset(&l->scratch);
    const struct place *place = key_write(l, address) ? place_find(l) : NULL;
    return place == NULL ? (struct handle){0} : place->handle;
}

const struct sip_binding *location_of_place(struct location *l, uint64_t now_us,
                                            struct handle handle)
{
    return look(l, now_us, table_find(&l->numbers, handle));
}

enum err location_update(struct location *l, uint64_t now_us, const struct location_update *update)
{
    arena_reset(&l->scratch);
    if (!key_write(l, update->address))
        return ERR_MEMORY;
    struct place *place = place_find(l);
    if (place == NULL && HASH_COUNT(l->places) >= l->address_limit) {
        purge_all(l, now_us);
        if (HASH_COUNT(l->places) >= l->address_limit)
            return ERR_LIMIT;
    }
    enum err err = place == NULL ? place_make(l, &place) : ERR_OK;
    if (err != ERR_OK)
        return err;
    place_purge(l, place, now_us);
    err = bindings_update(l, &place->first, now_us, update);
    if (is_over(place, now_us))
        place_remove(l, place);
    return err;
}
