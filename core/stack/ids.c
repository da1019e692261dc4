#include "core/stack/self.h"

/* Name, count, and 32 bits of chance (RFC 3261 §19.3 asks for as many): a person can tell whose it
 * is, and nobody can guess the next one. */
static void make(struct sip_stack *stack, struct view head, struct view kind, uint64_t *count,
                 struct id *out)
{
    static const char digits[] = "0123456789abcdef";
    struct buf buf = {.ptr = out->room, .size = sizeof out->room, .limit = sizeof out->room};
    uint64_t n = ++*count;
    uint64_t chance = rng_at(stack->ids, kind, n);
    buf_add(&buf, head);
    buf_add(&buf, stack->name);
    buf_add_char(&buf, '-');
    buf_add_uint(&buf, n);
    char hex[9] = "-";
    for (int i = 8; i > 0; i--, chance >>= 4)
        hex[i] = digits[chance & 15];
    buf_add(&buf, (struct view){hex, sizeof hex});
    ASSERT(buf.failed == ERR_OK);
    out->len = buf.len;
}

struct view id_view(const struct id *id)
{
    return (struct view){id->room, id->len};
}

void id_branch_new(struct sip_stack *stack, struct id *out)
{
    make(stack, V("z9hG4bK"), V("branch"), &stack->branch_count, out);
}

void id_branch(struct sip_stack *stack, struct id *out)
{
    uint64_t none = 0;
    bool reused = stack->forwards == SIP_FORWARDS_NOT &&
                  (stack->layer.mutants & SIP_MUTANT_BRANCH_REUSED) != 0;
    stack->branch_count += reused; /* so that a new one is none of these */
    make(stack, V("z9hG4bK"), V("branch"), reused ? &none : &stack->branch_count, out);
}

void id_tag(struct sip_stack *stack, struct id *out)
{
    make(stack, V(""), V("tag"), &stack->tag_count, out);
}

void id_call_id(struct sip_stack *stack, struct id *out)
{
    make(stack, V(""), V("call-id"), &stack->call_id_count, out);
}

/* RFC 7616 §3.4: opaque to all but its maker; another one each time. */
void id_cnonce(struct sip_stack *stack, struct id *out)
{
    static const char digits[] = "0123456789abcdef";
    bool reused = (stack->layer.mutants & SIP_MUTANT_CNONCE_REUSED) != 0;
    uint64_t n = reused ? 1 : ++stack->cnonce_count;
    uint64_t high = rng_at(stack->ids, V("cnonce"), 2 * n);
    uint64_t low = rng_at(stack->ids, V("cnonce"), 2 * n + 1);
    out->len = 32;
    for (size_t i = 0; i < 16; i++, high >>= 4, low >>= 4) {
        out->room[i] = digits[high & 15];
        out->room[16 + i] = digits[low & 15];
    }
}

uint32_t id_retry_s(struct sip_stack *stack)
{
    return (uint32_t)(rng_at(stack->ids, V("retry-after"), ++stack->retry_count) % 11);
}

/* RFC 3261 §14.1: whoever made the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in units of 10 ms.
 */
enum err sip_glare_wait(struct sip_stack *stack, struct handle handle, uint64_t *out_us)
{
    const struct sip_call *call = call_find(stack, handle);
    if (call == NULL)
        return ERR_GONE;
    uint64_t draw = rng_at(stack->ids, V("glare"), ++stack->retry_count);
    uint64_t units = call->caller ? 210 + draw % 191 : draw % 201;
    *out_us = units * 10 * US_PER_MS;
    return ERR_OK;
}
