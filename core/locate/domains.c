#include "core/locate/domains.h"

#include "core/base/alloc.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

struct domain {
    UT_hash_handle hh;
    size_t len;
    bool lost;
    char text[];
};

enum err domains_keep(struct domains *domains, struct view name, struct view *out)
{
    struct domain *domain;
    unsigned hash = (unsigned)view_hash(name);
    HASH_FIND_BYHASHVALUE(hh, domains->items, name.ptr, name.len, hash, domain);
    if (domain == NULL && domains->count == DOMAINS_MAX)
        return ERR_LIMIT;
    if (domain == NULL) {
        domain = mem_zalloc(sizeof *domain + name.len);
        if (domain == NULL)
            return ERR_MEMORY;
        memcpy(domain->text, name.ptr, name.len);
        domain->len = name.len;
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, domains->items, domain->text, name.len, hash, domain);
        if (domain->lost) {
            mem_free(domain);
            return ERR_MEMORY;
        }
        domains->count++;
    }
    *out = (struct view){domain->text, domain->len};
    return ERR_OK;
}

void domains_deinit(struct domains *domains)
{
    struct domain *domain, *next;
    HASH_ITER(hh, domains->items, domain, next)
    {
        HASH_DEL(domains->items, domain);
        mem_free(domain);
    }
    domains->count = 0;
}
