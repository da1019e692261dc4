/* Any bytes as what comes to a TLS server or client, and any certificate in PEM: no crash, and
 * never open. The first byte says which. */
#include "core/stream/tls.h"
#include "core/stream/x509_identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Of the process: to make one for each input were slow. */
static struct tls_context *context_get(void)
{
    static struct tls_context *context;
    struct certificate_options wanted = {.cn = V("a"), .not_after_s = 86400};
    struct tls_context_options options = {.trusted_count = 1};
    if (context != NULL)
        return context;
    ASSERT(tls_library_create(&options.crypto) == ERR_OK);
    ASSERT(certificate_create(options.crypto, &wanted, &options.own) == ERR_OK);
    options.trusted = &options.own;
    ASSERT(tls_context_create(&options, &context) == ERR_OK);
    return context;
}

static void run_filter(bool server, struct view bytes)
{
    struct tls_filter_options one = {.context = context_get(), .server = server, .domain = V("a")};
    struct filter *filter = NULL;
    struct filter_out out;
    ASSERT(tls_filter_create(&one, &filter) == ERR_OK);
    ASSERT(filter_from_wire(filter, 0, bytes) == ERR_OK);
    while (filter_next(filter, &out))
        ASSERT(out.kind == FILTER_TO_WIRE || out.kind == FILTER_CLOSED);
    filter_destroy(filter);
}

/* DER as a certificate: whose it is can be told, or not. */
static void run_certificate(struct view bytes)
{
    const uint8_t *at = (const uint8_t *)bytes.ptr;
    X509 *x509 = d2i_X509(NULL, &at, (long)bytes.len);
    struct identities found;
    if (x509 == NULL)
        return;
    (void)!identities_init(&found, x509);
    (void)identities_have(&found, V("example.com"));
    (void)usage_is_sip(x509);
    identities_deinit(&found);
    X509_free(x509);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2)
        return 0;
    struct view bytes = {(const char *)data + 1, len - 1};
    if (data[0] % 3 == 2)
        run_certificate(bytes);
    else
        run_filter(data[0] % 3 == 1, bytes);
    return 0;
}
