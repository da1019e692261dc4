/* Registrations of ours, RFC 3261 §10.2: a Call-ID, numbers, and a time that is made longer before
 * it is over.
 *
 *     struct sip_register_options options = {.request = {.uri = V("sip:example.com")},
 *                                            .expires_s = 3600};
 *     enum err err = sip_register(stack, now_us, &options, &request, &registration);
 */
#pragma once
#include "core/stack/stack.h"

enum sip_reg_state { SIP_REG_ASKING, SIP_REG_REGISTERED, SIP_REG_FAILED, SIP_REG_UNREGISTERED };

/* RFC 5627: what it asks the registrar to call us by, and uses as Contact while it is registered.
 * The contact has "+sip.instance" then. */
enum sip_gruu { SIP_GRUU_NONE, SIP_GRUU_PUBLIC, SIP_GRUU_TEMPORARY };

struct sip_register_options {
    /* method is not looked at; uri: the registrar's; to: the address-of-record (absent: the
     * identity); from: absent: as to, RFC 3261 §10.2. */
    struct sip_request_options request;
    const struct view *contacts; /* Contact values; NULL: the stack's own */
    size_t contact_count;        /* 0, with contacts: none, which fetches what there is */
    uint32_t expires_s;
    bool no_refresh; /* the user's to do */
    enum sip_gruu gruu;
};

/* Makes a registration and sends its first REGISTER. Errors as sip_request_send. */
enum err sip_register(struct sip_stack *stack, uint64_t now_us,
                      const struct sip_register_options *options, struct handle *out_request,
                      struct handle *out_reg) NODISCARD;
/* Another REGISTER of it; expires_s 0 takes its contacts away. ERR_GONE; ERR_STATE: the one before
 * has no answer yet, RFC 3261 §10.2. */
enum err sip_register_again(struct sip_stack *stack, uint64_t now_us, struct handle reg,
                            uint32_t expires_s, struct handle *out_request) NODISCARD;
/* Forgets it without a word; a stale one: nothing happens. Until then it counts, whatever has
 * become of it. */
void sip_register_drop(struct sip_stack *stack, struct handle reg);

/* Has the latest 200 to REGISTER named a service route, by which other requests go: RFC 3608. */
bool sip_stack_routed(const struct sip_stack *stack);

struct sip_reg_info { /* views into the stack, valid until it changes */
    enum sip_reg_state state;
    uint16_t ended_status;
    uint64_t until_us; /* NEVER: nothing is registered */
    uint32_t expires_s;
    struct view call_id, to;
    struct view pub_gruu, temp_gruu; /* the latest; absent: none */
    uint32_t seq;
    bool fetches; /* it has no contacts of its own */
    bool busy;    /* its latest REGISTER has no answer yet, or it will try again by itself */
};
enum err sip_reg_info(const struct sip_stack *stack, struct handle reg,
                      struct sip_reg_info *out) NODISCARD; /* GONE */
