/* What the typed headers look like once parsed. All views point into the message (or its arena
 * where folding had to be undone). The parser and writer of each stands in the file of its name.
 *
 *     const struct sip_via *via = sip_msg_via(msg, 0);
 *     struct view received;
 *     bool there = sip_param_find(&via->params, V("received"), &received);
 */
#pragma once
#include "core/base.h"
#include "core/message/method.h"

struct sip_param {
    struct view name;
    struct view value; /* absent (ptr NULL) where there is no "="; quotes are still around it */
};

struct sip_params { /* in order */
    const struct sip_param *items;
    size_t count;
};
/* By name in any case; value is absent where there is no "=". */
/* A quoted-string without its quotes, its escapes still inside; any other text as it is. */
struct view sip_unquoted(struct view text);
bool sip_param_find(const struct sip_params *params, struct view name, struct view *out_value);
bool sip_param_has(const struct sip_params *params, struct view name); /* with a value or without */
/* "q" in thousandths, three digits of it count; where there is none that can be read it is 1000:
 * RFC 3261 §20.10 leaves it open, and of two that are alike nothing says which is better. */
uint32_t sip_params_q(const struct sip_params *params);

enum sip_scheme { SIP_SCHEME_OTHER, SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL };
struct sip_uri {
    enum sip_scheme scheme;
    struct view scheme_text;
    struct view user;     /* still escaped; absent where there is no "@"; tel: the number */
    struct view password; /* absent where there is none */
    struct view host;     /* IPv6 with brackets */
    uint16_t port;        /* 0: none */
    struct sip_params params;
    struct view headers; /* behind "?", absent where there are none */
    struct view text;    /* the whole URI */
};

struct sip_name_addr {   /* From, To, Contact, Route, Record-Route, Refer-To, Reply-To … */
    struct view display; /* without quotes, escapes still inside; absent */
    struct sip_uri uri;
    struct sip_params params; /* of the header, not of the URI */
    bool wildcard;            /* Contact: * */
    struct view tag;          /* the parameter, absent where there is none */
    struct view text;         /* the whole value */
};

struct sip_via {
    struct view protocol, version, transport; /* "SIP" "2.0" "UDP" */
    struct view host;                         /* sent-by; IPv6 with brackets */
    uint16_t port;                            /* 0: none */
    struct sip_params params;
    struct view branch, received; /* absent where there are none */
    struct view rport;            /* absent: none; empty: asked for; else the port's digits */
    struct view text;
};

struct sip_cseq {
    uint32_t number;
    enum sip_method method;
    struct view method_name;
};

struct sip_token_params { /* Event, Subscription-State, Reason, Content-Disposition, Accept-Encoding
                             … */
    struct view token;
    struct sip_params params;
    struct view text;
};

struct sip_media_type { /* Content-Type, Accept */
    struct view type, subtype;
    struct sip_params params;
};

struct sip_number { /* Max-Forwards, Content-Length, Expires, Min-Expires, Min-SE, RSeq,
                       Session-Expires … */
    uint64_t value;
    struct sip_params params;
};

struct sip_rack {
    uint32_t rseq, cseq;
    enum sip_method method;
    struct view method_name;
};

struct sip_auth { /* Authorization, WWW-Authenticate and their Proxy- twins, Authentication-Info */
    struct view scheme;
    struct sip_params params;
};

struct sip_dialog_id { /* Replaces, Join, Target-Dialog */
    struct view call_id, to_tag, from_tag;
    struct sip_params params;
};

struct sip_retry_after {
    uint64_t seconds;
    struct view comment;
    struct sip_params params;
};

struct sip_warning {
    uint16_t code;
    struct view agent, text; /* text without quotes */
};

struct sip_text { /* Call-ID, Subject, Server, User-Agent, Organization, tokens of Require … */
    struct view text;
};

struct sip_date { /* RFC 1123, GMT only */
    uint16_t year;
    uint8_t month, day, weekday, hour, minute, second;
};
/* Of so many seconds since 1970; from 0 to the end of the year 9999. */
struct sip_date sip_date_of(uint64_t seconds);

struct sip_timestamp {
    struct view value, delay; /* digits with an optional point */
};

struct sip_uri_params { /* Alert-Info, Call-Info, Error-Info: <uri> ;params */
    struct view uri;
    struct sip_params params;
};
