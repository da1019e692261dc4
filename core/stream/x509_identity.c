#include "core/stream/x509_identity.h"

static struct view string_view(const ASN1_STRING *string)
{
    return (struct view){(const char *)ASN1_STRING_get0_data(string),
                         (size_t)ASN1_STRING_length(string)};
}

/* The hostpart of a URI of the scheme "sip" without a userpart; else absent. */
static struct view uri_host(struct view uri)
{
    struct view none = {0};

    if (!view_starts_nocase(uri, V("sip:")) || view_find_char(uri, '@') < uri.len)
        return none;
    uri = view_skip(uri, 4);
    if (uri.len > 0 && uri.ptr[0] == '[') {
        size_t end = view_find_char(uri, ']');
        return end == uri.len ? none : (struct view){uri.ptr + 1, end - 1};
    }
    size_t len = 0;
    while (len < uri.len && uri.ptr[len] != ':' && uri.ptr[len] != ';' && uri.ptr[len] != '?')
        len++;
    return view_head(uri, len);
}

/* A name with a NUL in it would look shorter to whoever counts by strlen. */
static void take(struct identities *identities, struct view name)
{
    if (name.len > 0 && view_find_char(name, '\0') == name.len)
        identities->names[identities->count++] = name;
}

static void take_all(struct identities *identities, int type)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(identities->sans); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(identities->sans, i);
        if (name->type != type)
            continue;
        struct view text = string_view(name->d.ia5);
        if (type == GEN_URI)
            text = uri_host(text);
        take(identities, text);
    }
}

/* The last one is the most specific. */
static enum err take_cn(struct identities *identities, const X509 *x509)
{
    const X509_NAME *subject = X509_get_subject_name(x509);
    int at = -1, last = -1;

    while ((at = X509_NAME_get_index_by_NID((X509_NAME *)subject, NID_commonName, at)) >= 0)
        last = at;
    if (last < 0)
        return ERR_OK;
    const ASN1_STRING *cn = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last));
    int len = ASN1_STRING_to_UTF8(&identities->cn, cn);
    if (len < 0)
        return ERR_SYNTAX;
    take(identities, (struct view){(const char *)identities->cn, (size_t)len});
    return ERR_OK;
}

enum err identities_init(struct identities *identities, const X509 *x509)
{
    int found = 0;

    *identities = (struct identities){0};
    identities->sans = X509_get_ext_d2i(x509, NID_subject_alt_name, &found, NULL);
    size_t size = identities->sans == NULL ? 1 : (size_t)sk_GENERAL_NAME_num(identities->sans);
    identities->names = mem_alloc((size + 1) * sizeof *identities->names);
    if (identities->names == NULL)
        return ERR_MEMORY;
    if (identities->sans != NULL) {
        take_all(identities, GEN_URI);
        if (identities->count == 0) /* "if and only if no other identity is found" */
            take_all(identities, GEN_DNS);
        return ERR_OK;
    }
    /* -1: there is no such extension. Else it cannot be read, or is there twice. */
    return found == -1 ? take_cn(identities, x509) : ERR_SYNTAX;
}

void identities_deinit(struct identities *identities)
{
    GENERAL_NAMES_free(identities->sans);
    OPENSSL_free(identities->cn);
    mem_free(identities->names);
}

const struct view *identities_have(const struct identities *identities, struct view domain)
{
    if (domain.len > 1 && domain.ptr[domain.len - 1] == '.')
        domain.len--;
    for (size_t i = 0; i < identities->count; i++)
        if (view_equal_nocase(identities->names[i], domain))
            return &identities->names[i];
    return NULL;
}

bool usage_is_sip(const X509 *x509)
{
    EXTENDED_KEY_USAGE *usages;
    bool good = false;
    int found = 0;

    usages = X509_get_ext_d2i(x509, NID_ext_key_usage, &found, NULL);
    if (usages == NULL)
        return found == -1;
    ASN1_OBJECT *sip_domain = OBJ_txt2obj("1.3.6.1.5.5.7.3.20", 1);
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
        const ASN1_OBJECT *usage = sk_ASN1_OBJECT_value(usages, i);
        good = good || OBJ_obj2nid(usage) == NID_anyExtendedKeyUsage ||
               (sip_domain != NULL && OBJ_cmp(usage, sip_domain) == 0);
    }
    ASN1_OBJECT_free(sip_domain);
    EXTENDED_KEY_USAGE_free(usages);
    return good;
}
