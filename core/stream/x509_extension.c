/* The extensions of certificates that we make: RFC 5280 §4.2. */
#include "core/stream/x509_private.h"

/* Takes `value` over, by its own ASN.1 type. */
static enum err add(X509 *x509, int nid, void *value, bool critical)
{
    if (value == NULL)
        return ERR_MEMORY;
    return X509_add1_ext_i2d(x509, nid, value, critical, X509V3_ADD_APPEND) == 1 ? ERR_OK
                                                                                 : ERR_MEMORY;
}

static bool starts(struct view *text, struct view head)
{
    if (!view_starts_nocase(*text, head))
        return false;
    *text = view_skip(*text, head.len);
    return true;
}

/* A scheme, RFC 3986 §3.1, and its colon. */
static bool looks_like_uri(struct view text)
{
    size_t colon = view_find_char(text, ':');

    if (colon == 0 || colon == text.len)
        return false;
    for (size_t i = 0; i < colon; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || view_find_char(V("0123456789+-."), c) == 13))
            return false;
    }
    return true;
}

static int name_type(struct view *text)
{
    struct addr addr;

    if (starts(text, V("DNS:")))
        return GEN_DNS;
    if (starts(text, V("URI:")))
        return GEN_URI;
    if (starts(text, V("IP:")))
        return GEN_IPADD;
    if (starts(text, V("email:")))
        return GEN_EMAIL;
    if (addr_ip_parse(*text, &addr) == ERR_OK)
        return GEN_IPADD;
    if (looks_like_uri(*text))
        return GEN_URI;
    return view_find_char(*text, '@') < text->len ? GEN_EMAIL : GEN_DNS;
}

static enum err name_fill(GENERAL_NAME *name, int type, struct view text)
{
    struct addr addr = {0};
    ASN1_STRING *string =
        ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

    if (string == NULL)
        return ERR_MEMORY;
    if (type == GEN_IPADD) {
        if (addr_ip_parse(text, &addr) != ERR_OK) {
            ASN1_STRING_free(string);
            return ERR_SYNTAX;
        }
        text = (struct view){(const char *)addr.ip, addr.family == 4 ? 4 : 16};
    }
    if (text.len > INT32_MAX || ASN1_STRING_set(string, text.ptr, (int)text.len) != 1) {
        ASN1_STRING_free(string);
        return ERR_MEMORY;
    }
    GENERAL_NAME_set0_value(name, type, string);
    return ERR_OK;
}

static enum err name_add(GENERAL_NAMES *names, struct view text)
{
    int type = name_type(&text);
    GENERAL_NAME *name = GENERAL_NAME_new();
    enum err err = name == NULL ? ERR_MEMORY : name_fill(name, type, text);

    if (err == ERR_OK && sk_GENERAL_NAME_push(names, name) > 0)
        return ERR_OK;
    GENERAL_NAME_free(name);
    return err != ERR_OK ? err : ERR_MEMORY;
}

static enum err sans_add(X509 *x509, const struct certificate_options *options)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    enum err err = names == NULL ? ERR_MEMORY : ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < options->san_count; i++)
        err = name_add(names, options->sans[i]);
    if (err == ERR_OK)
        err = add(x509, NID_subject_alt_name, names, false);
    GENERAL_NAMES_free(names);
    return err;
}

static enum err constraints_add(X509 *x509, const struct certificate_options *options)
{
    BASIC_CONSTRAINTS *basic = BASIC_CONSTRAINTS_new();
    enum err err = basic == NULL ? ERR_MEMORY : ERR_OK;

    if (err == ERR_OK) {
        basic->ca = options->ca ? 0xff : 0;
        if (options->ca && options->has_path_length)
            basic->pathlen = ASN1_INTEGER_new();
        if (basic->pathlen != NULL &&
            ASN1_INTEGER_set_uint64(basic->pathlen, options->path_length) != 1)
            err = ERR_MEMORY;
    }
    if (err == ERR_OK)
        err = add(x509, NID_basic_constraints, basic, true);
    BASIC_CONSTRAINTS_free(basic);
    return err;
}

/* RFC 5280 §4.2.1.3: bit 0 is the highest of the first byte. */
static enum err key_usage_add(X509 *x509, const struct certificate_options *options)
{
    enum { DIGITAL_SIGNATURE = 0, KEY_CERT_SIGN = 5, CRL_SIGN = 6 };
    ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
    bool good = bits != NULL;

    if (options->ca)
        good = good && ASN1_BIT_STRING_set_bit(bits, KEY_CERT_SIGN, 1) == 1 &&
               ASN1_BIT_STRING_set_bit(bits, CRL_SIGN, 1) == 1;
    else
        good = good && ASN1_BIT_STRING_set_bit(bits, DIGITAL_SIGNATURE, 1) == 1;
    enum err err = good ? add(x509, NID_key_usage, bits, true) : ERR_MEMORY;
    ASN1_BIT_STRING_free(bits);
    return err;
}

static ASN1_OBJECT *usage_object(struct view usage)
{
    static const struct {
        const char *name, *oid;
    } known[] = {
        {"serverAuth", "1.3.6.1.5.5.7.3.1" },
        {"clientAuth", "1.3.6.1.5.5.7.3.2" },
        {"email",      "1.3.6.1.5.5.7.3.4" },
        {"sipDomain",  "1.3.6.1.5.5.7.3.20"}, /* RFC 5924 §4.1 */
        {"any",        "2.5.29.37.0"       }
    };
    char oid[80];

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (view_equal(usage, view_of(known[i].name)))
            return OBJ_txt2obj(known[i].oid, 1);
    if (usage.len >= sizeof oid)
        return NULL;
    memcpy(oid, usage.ptr, usage.len);
    oid[usage.len] = '\0';
    return OBJ_txt2obj(oid, 1);
}

static enum err usages_add(X509 *x509, const struct certificate_options *options)
{
    EXTENDED_KEY_USAGE *usages = EXTENDED_KEY_USAGE_new();
    enum err err = usages == NULL ? ERR_MEMORY : ERR_OK;

    for (size_t i = 0; err == ERR_OK && i < options->usage_count; i++) {
        ASN1_OBJECT *object = usage_object(options->usages[i]);
        if (object == NULL) {
            err = ERR_SYNTAX;
        } else if (sk_ASN1_OBJECT_push(usages, object) == 0) {
            ASN1_OBJECT_free(object);
            err = ERR_MEMORY;
        }
    }
    if (err == ERR_OK)
        err = add(x509, NID_ext_key_usage, usages, false);
    EXTENDED_KEY_USAGE_free(usages);
    return err;
}

static enum err subtrees_fill(STACK_OF(GENERAL_SUBTREE) * *out, const struct view *names,
                              size_t count)
{
    if (count > 0 && (*out = sk_GENERAL_SUBTREE_new_null()) == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        GENERAL_SUBTREE *subtree = GENERAL_SUBTREE_new();
        if (subtree == NULL || name_fill(subtree->base, GEN_DNS, names[i]) != ERR_OK ||
            sk_GENERAL_SUBTREE_push(*out, subtree) == 0) {
            GENERAL_SUBTREE_free(subtree);
            return ERR_MEMORY;
        }
    }
    return ERR_OK;
}

/* RFC 5280 §4.2.1.10 */
static enum err subtrees_add(X509 *x509, const struct certificate_options *options)
{
    NAME_CONSTRAINTS *names = NAME_CONSTRAINTS_new();
    enum err err = names == NULL ? ERR_MEMORY : ERR_OK;

    if (err == ERR_OK)
        err =
            subtrees_fill(&names->permittedSubtrees, options->permitted, options->permitted_count);
    if (err == ERR_OK)
        err = subtrees_fill(&names->excludedSubtrees, options->excluded, options->excluded_count);
    if (err == ERR_OK)
        err = add(x509, NID_name_constraints, names, true);
    NAME_CONSTRAINTS_free(names);
    return err;
}

/* RFC 5280 §4.2.1.2, the first way: so that a chain is found by key and not only by name. */
static enum err key_id_add(X509 *x509)
{
    unsigned char id[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    ASN1_OCTET_STRING *string = ASN1_OCTET_STRING_new();
    bool good = string != NULL && X509_pubkey_digest(x509, EVP_sha1(), id, &len) == 1 &&
                ASN1_OCTET_STRING_set(string, id, (int)len) == 1;
    enum err err = good ? add(x509, NID_subject_key_identifier, string, false) : ERR_MEMORY;

    ASN1_OCTET_STRING_free(string);
    return err;
}

static enum err issuer_id_add(X509 *x509, const X509 *issuer)
{
    const ASN1_OCTET_STRING *id = X509_get0_subject_key_id((X509 *)issuer);
    AUTHORITY_KEYID *authority;

    if (id == NULL)
        return ERR_OK;
    authority = AUTHORITY_KEYID_new();
    enum err err = ERR_MEMORY;
    if (authority != NULL && (authority->keyid = ASN1_OCTET_STRING_dup(id)) != NULL)
        err = add(x509, NID_authority_key_identifier, authority, false);
    AUTHORITY_KEYID_free(authority);
    return err;
}

/* One that nobody knows and everybody must, RFC 5280 §4.2; 2.999 is the arc of examples. */
static enum err unknown_add(X509 *x509)
{
    ASN1_OBJECT *object = OBJ_txt2obj("2.999.1", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension = NULL;

    if (object != NULL && value != NULL && ASN1_OCTET_STRING_set(value, (const uint8_t *)"\5\0", 2))
        extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    bool good = extension != NULL && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
    return good ? ERR_OK : ERR_MEMORY;
}

enum err extensions_add(X509 *x509, const struct certificate_options *options)
{
    enum err err = constraints_add(x509, options);

    if (err == ERR_OK)
        err = key_usage_add(x509, options);
    if (err == ERR_OK && options->has_san)
        err = sans_add(x509, options);
    if (err == ERR_OK && options->usage_count > 0)
        err = usages_add(x509, options);
    if (err == ERR_OK && options->permitted_count + options->excluded_count > 0)
        err = subtrees_add(x509, options);
    if (err == ERR_OK)
        err = key_id_add(x509);
    if (err == ERR_OK && options->issuer != NULL)
        err = issuer_id_add(x509, options->issuer->x509);
    if (err == ERR_OK && options->critical_unknown)
        err = unknown_add(x509);
    return err;
}
