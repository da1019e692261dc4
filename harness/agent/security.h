/* What parties show and whom they trust on secure connections. Each scenario has a CA of its own
 * that all trust, and each party a certificate of it: so that TLS is there without a word.
 *
 *     struct pem *pem;
 *     enum err err = security_issue(agents, &options, &pem);
 *     err = party_secure(party, &security_options);
 */
#pragma once
#include "core/core.h"

struct agents;
struct party;

struct pem { /* a certificate that a script holds */
    struct handle handle;
    struct certificate *certificate;
    struct pem *issuer; /* NULL: it signs itself, or comes from outside */
};

struct security { /* of a scenario */
    struct table pems;
    struct pem *ca; /* NULL: nobody has needed it yet */
    uint64_t issued;
};

struct recipe { /* what a certificate is to be like */
    struct certificate_options options;
    struct pem *issuer; /* NULL: it signs itself */
    bool named;         /* san or cn were given */
    bool revoked;
};

struct security_options {
    struct certificate *own;     /* NULL: one is made for it */
    const struct recipe *recipe; /* by this one; NULL: the usual one. Used up by party_secure */
    bool no_own;                 /* it shows none */
    struct certificate *trusted[8];
    size_t trusted_count; /* 0: the scenario's CA */
    enum tls_verify verify;
    const struct view *peers;
    size_t peer_count;
    bool web_usage;
    bool alias; /* RFC 5923: requests may come by the connections that it opens */
    enum tls_version least, most;
};

struct party_security { /* of a party; certificates are referred to, views in the arena */
    struct security_options wanted;
    struct tls_context *context; /* made for its first connection */
    struct rng rng;              /* of its connections */
};

/* The CA that signs what names no other issuer, and that all trust. */
enum err security_ca(struct agents *agents, struct pem **out) NODISCARD;
/* Makes a certificate: serial, key number and what it draws from are filled in here. ERR_SYNTAX: a
 * name or usage that is none. */
enum err security_issue(struct agents *agents, const struct recipe *recipe,
                        struct pem **out) NODISCARD;
/* From PEM; out_why as certificate_read. */
enum err security_read(struct agents *agents, struct view text, struct view key, struct pem **out,
                       const char **out_why) NODISCARD;
void security_deinit(struct security *security);
/* What certificates are made with: the suite's, made when it is first asked for. */
enum err security_library(struct agents *agents, struct tls_library **out) NODISCARD;
/* From a day before the scenario for ten years. */
void security_validity(const struct agents *agents, struct certificate_options *options);

/* The party is bound. Makes its connections secure ones, where its transport wants it. */
enum err party_secure(struct party *party, const struct security_options *options) NODISCARD;
void party_insecure(struct party *party); /* drops what it has for it */
