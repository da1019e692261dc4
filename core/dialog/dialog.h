/* A dialog, RFC 3261 §12: who talks to whom, by which route, and with which numbers.
 *
 *     enum err err = dialog_call(&dialog, &ids);            caller, before any response
 *     err = dialog_learn(&dialog, response);                caller, at a response with a To tag
 *     err = dialog_answer(&dialog, request, local_tag);     callee
 */
#pragma once
#include "core/dialog/owned.h"
#include "core/dialog/route.h"
#include "core/transaction/layer.h"

struct sip_sub; /* subscription.h */

struct sip_dialog {
    struct index_entry by_id;
    struct view call_id, local_tag, remote_tag; /* owned; the remote tag absent until it is known */
    struct view local_uri, remote_uri;          /* owned: From and To values without tag */
    struct view remote_target;                  /* owned: a URI */
    struct route_set routes;
    uint32_t local_seq, remote_seq; /* 0: not yet */
    bool has_remote_tag; /* the dialog is there; its tag may be null, RFC 3261 §12.1.2 */
    bool secure;
    bool of_call;       /* it is that of a struct sip_call; else its subscriptions share it */
    struct sip_hop hop; /* where its messages come from or go to, when its target has no address */
    uint32_t account;   /* whose credentials its requests may have; 0: any that all may */
    uint32_t spaces;    /* which of them they bring along, bits: RFC 3261 §22.3 */
    bool refer_sent, refer_came; /* once at least: RFC 3515 §2.4.6 */
    struct sip_sub *subs; /* the usages that are not its call, in the order in which they came */
    struct owned_room room;
};

struct dialog_ids {
    struct view call_id, local_tag, local_uri, remote_uri, target;
    uint32_t local_seq;
};

enum err dialog_call(struct sip_dialog *dialog, const struct dialog_ids *ids) NODISCARD;
/* Another leg of the same INVITE: as the first was before any response. */
enum err dialog_fork(struct sip_dialog *dialog, const struct sip_dialog *first,
                     uint32_t invite_seq) NODISCARD;
/* Tag, route set and target from a response that makes the dialog. MEMORY. */
enum err dialog_learn(struct sip_dialog *dialog, struct sip_msg *response) NODISCARD;
/* The same from a request of theirs, a NOTIFY: RFC 6665 §4.4.1. */
enum err dialog_learn_request(struct sip_dialog *dialog, struct sip_msg *request) NODISCARD;
/* The route set once more, from the 2xx; and its target. Nothing else: RFC 3261 §13.2.2.4. */
enum err dialog_learn_routes(struct sip_dialog *dialog, struct sip_msg *response) NODISCARD;
enum err dialog_answer(struct sip_dialog *dialog, struct sip_msg *request,
                       struct view local_tag) NODISCARD;
/* The Contact of a target refresh request or of its 2xx, where there is one. */
enum err dialog_refresh(struct sip_dialog *dialog, struct sip_msg *msg) NODISCARD;
enum err dialog_tag_set(struct sip_dialog *dialog, struct view local_tag) NODISCARD; /* ours */
void dialog_forget(struct sip_dialog *dialog); /* all that responses have said; it is not listed */
void dialog_deinit(struct sip_dialog *dialog);

/* RFC 3261 §12.2.2. False: out of order, 500. */
bool dialog_accepts_seq(struct sip_dialog *dialog, uint32_t seq);

/* By Call-ID, our tag and theirs. */
enum err dialog_list(struct index *index, struct sip_dialog *dialog) NODISCARD;
void dialog_unlist(struct index *index, struct sip_dialog *dialog);
struct sip_dialog *dialog_find(const struct index *index, struct view call_id,
                               struct view local_tag, struct view remote_tag); /* NULL: none */
/* A name-addr or addr-spec without its tag parameter: what the dialog keeps of From and To. */
struct view dialog_uri(const struct sip_name_addr *value);
