#include "harness/agent/security.h"

#include "harness/agent/agents.h"
#include "harness/target/target.h"

enum { DAY_S = 86400, VALID_S = 3650 * DAY_S };

enum err security_library(struct agents *agents, struct tls_library **out)
{
    struct tls_library **tls = agents->scene->tls;
    enum err err = *tls == NULL ? tls_library_create(tls) : ERR_OK;

    *out = *tls;
    return err;
}

static enum err pem_add(struct agents *agents, struct certificate *certificate, struct pem *issuer,
                        struct pem **out)
{
    struct pem *pem = mem_zalloc(sizeof *pem);

    if (pem == NULL || table_add(&agents->security.pems, pem, &pem->handle) != ERR_OK) {
        mem_free(pem);
        certificate_unref(certificate);
        return ERR_MEMORY;
    }
    pem->certificate = certificate;
    pem->issuer = issuer;
    *out = pem;
    return ERR_OK;
}

/* RSA keys take long to make: all of a length are one. */
static uint32_t key_number_of(enum key_type type, uint64_t number)
{
    return type >= KEY_RSA1024 ? 0 : (uint32_t)number;
}

enum err security_issue(struct agents *agents, const struct recipe *recipe, struct pem **out)
{
    struct certificate_options options = recipe->options;
    struct rng rng = rng_stream(rng_stream(agents->scene->rng, V("tls")), V("certificate"));
    struct certificate *certificate, *issuer = NULL;
    struct tls_library *library;
    enum err err = security_library(agents, &library);

    if (err != ERR_OK)
        return err;
    if (recipe->issuer != NULL)
        options.issuer = issuer = recipe->issuer->certificate;
    if (options.cn.ptr == NULL && options.ca)
        options.cn = V("a CA of the scenario");
    options.serial = ++agents->security.issued;
    options.key_number = key_number_of(options.key, options.serial);
    options.rng.seed = rng_at(rng, V("serial"), options.serial);
    if ((err = certificate_create(library, &options, &certificate)) != ERR_OK)
        return err;
    if (recipe->revoked && (err = certificate_revoke(issuer, options.serial)) != ERR_OK) {
        certificate_unref(certificate);
        return err;
    }
    return pem_add(agents, certificate, recipe->issuer, out);
}

enum err security_read(struct agents *agents, struct view text, struct view key, struct pem **out,
                       const char **out_why)
{
    struct certificate *certificate;
    struct tls_library *library;
    enum err err = security_library(agents, &library);

    if (err == ERR_OK)
        err = certificate_read(library, text, key, &certificate, out_why);
    return err == ERR_OK ? pem_add(agents, certificate, NULL, out) : err;
}

void security_validity(const struct agents *agents, struct certificate_options *options)
{
    options->not_before_s = agents->scene->epoch_s - DAY_S;
    options->not_after_s = agents->scene->epoch_s + VALID_S;
}

/* What a device trusts takes the place of the CA of the scenario. */
static enum err target_ca(struct agents *agents)
{
    const struct target *target = agents->scene->target;
    const char *why = "";
    enum err err =
        security_read(agents, target->tls_ca, target->tls_ca_key, &agents->security.ca, &why);
    struct buf sentence = {0};

    if (err == ERR_OK || err == ERR_MEMORY)
        return err;
    buf_printf(&sentence, "tls.ca and tls.ca_key of the target: %s", why);
    scene_record(agents->scene, &(struct failure){.verdict = VERDICT_ERROR,
                                                  .sentence = buf_view(&sentence),
                                                  .environment = true});
    buf_deinit(&sentence);
    return ERR_IO;
}

enum err security_ca(struct agents *agents, struct pem **out)
{
    struct recipe recipe = {
        .options = {.cn = V("sipwright test CA"), .ca = true}
    };
    enum err err = ERR_OK;

    security_validity(agents, &recipe.options);
    bool targets = agents->scene->target != NULL && agents->scene->target->tls_ca.len > 0;
    if (agents->security.ca == NULL)
        err = targets ? target_ca(agents) : security_issue(agents, &recipe, &agents->security.ca);
    *out = agents->security.ca;
    return err;
}

void security_deinit(struct security *security)
{
    struct pem *pem;

    for (uint32_t at = 0; (pem = table_next(&security->pems, &at, NULL)) != NULL;) {
        certificate_unref(pem->certificate);
        mem_free(pem);
    }
    table_deinit(&security->pems);
}
