/* The redirect server, RFC 3261 §8.3: answers with where else to ask. */
#include "core/role/proxy_private.h"

static struct sip_row contact(struct passage *p, const struct target *target)
{
    struct buf *buf = &p->proxy->text;
    buf_clear(buf);
    buf_printf(buf, "<%.*s>", VIEW_ARG(target->uri));
    if (target->q_permille < 1000)
        buf_printf(buf, ";q=0.%03u", (unsigned)target->q_permille);
    return (struct sip_row){.name = V("Contact"),
                            .value = arena_copy(&p->proxy->scratch, buf_view(buf))};
}

void redirect(struct passage *p, struct handle transaction)
{
    size_t count = p->targets.count;
    struct sip_row *rows = arena_alloc(&p->proxy->scratch, count * sizeof *rows);
    struct refusal refusal = {.status = 302, .rows = rows, .row_count = count};
    for (size_t i = 0; rows != NULL && i < count; i++)
        rows[i] = contact(p, &p->targets.items[i]);
    if (rows == NULL)
        refusal = (struct refusal){.status = 500};
    refuse(p, transaction, &refusal);
}
