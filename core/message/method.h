/* The methods, by their RFCs. A method's name is case-sensitive (RFC 3261 §7.1).
 *
 *     enum sip_method method = sip_method_find(V("INVITE"));
 */
#pragma once
#include "core/base.h"

#define SIP_METHOD_LIST(X)                                                                         \
    X(INVITE)                                                                                      \
    X(ACK)                                                                                         \
    X(BYE)                                                                                         \
    X(CANCEL)                                                                                      \
    X(REGISTER)                                                                                    \
    X(OPTIONS) /* RFC 3261 */                                                                      \
    X(PRACK)                                                                                       \
    X(UPDATE)                                                                                      \
    X(INFO)                                                                                        \
    X(SUBSCRIBE)                                                                                   \
    X(NOTIFY)                      /* RFC 3262 3311 6086 6665 */                                   \
    X(REFER) X(MESSAGE) X(PUBLISH) /* RFC 3515 3428 3903 */

enum sip_method {
    SIP_METHOD_OTHER,
#define SIP_METHOD_ENUM(name) SIP_##name,
    SIP_METHOD_LIST(SIP_METHOD_ENUM)
#undef SIP_METHOD_ENUM
        SIP_METHOD_COUNT
};

enum sip_method sip_method_find(struct view name); /* SIP_METHOD_OTHER: none of these */
struct view sip_method_name(enum sip_method method);
struct view sip_status_reason(uint16_t status); /* "Ringing"; "Unknown" where no RFC names it */
