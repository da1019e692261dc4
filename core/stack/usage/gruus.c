/* What a registrar calls us, RFC 5627 §4: learnt from each 200, and our Contact while the
 * registration lasts. */
#include "core/dialog/owned.h"
#include "core/message/uri.h"
#include "core/stack/usage/register.h"
#include "core/stack/usage/usage.h"

/* §4.2: a quoted URI with "gr", to be kept as it is. */
static struct view uri_in(struct sip_stack *stack, const struct sip_name_addr *contact,
                          struct view name)
{
    struct view text;
    struct sip_uri uri;
    if (!sip_param_find(&contact->params, name, &text) || text.len < 2 || text.ptr[0] != '"')
        return (struct view){0};
    text = view_skip(view_head(text, text.len - 1), 1);
    bool good = view_find_char(text, '\\') == text.len && view_find_char(text, '>') == text.len &&
                sip_uri_parse(text, &stack->scratch, &uri) == ERR_OK &&
                uri.scheme != SIP_SCHEME_OTHER && uri.scheme != SIP_SCHEME_TEL &&
                sip_param_has(&uri.params, V("gr"));
    return good ? text : (struct view){0};
}

enum err known_as(struct sip_stack *stack, const struct sip_reg *reg, struct view contact)
{
    enum err err = owned_set(NULL, &stack->known_as, contact);
    if (err == ERR_OK)
        stack->known_by = reg->handle;
    return err;
}

static enum err use(struct sip_stack *stack, struct sip_reg *reg)
{
    bool temporary = reg->gruu == SIP_GRUU_TEMPORARY;
    struct view uri = temporary ? reg->temp_gruu : reg->pub_gruu;
    struct buf buf = {0};
    if (uri.ptr == NULL)
        return ERR_OK;
    buf_printf(&buf, "<%.*s>", VIEW_ARG(uri));
    enum err err = buf.failed == ERR_OK ? known_as(stack, reg, buf_view(&buf)) : buf.failed;
    buf_deinit(&buf);
    return err;
}

void gruus_learn(struct sip_stack *stack, struct sip_reg *reg, const struct sip_name_addr *contact)
{
    struct view pub = uri_in(stack, contact, V("pub-gruu"));
    struct view temp = uri_in(stack, contact, V("temp-gruu"));
    enum err err = ERR_OK;
    if (reg->gruu == SIP_GRUU_NONE)
        return;
    if (pub.ptr != NULL)
        err = owned_set(NULL, &reg->pub_gruu, pub);
    if (err == ERR_OK && temp.ptr != NULL)
        err = owned_set(NULL, &reg->temp_gruu, temp);
    layer_fail(&stack->layer, err == ERR_OK ? use(stack, reg) : err);
}

void gruus_drop(struct sip_stack *stack, struct sip_reg *reg)
{
    owned_drop(NULL, &reg->pub_gruu);
    owned_drop(NULL, &reg->temp_gruu);
    if (!handle_equal(stack->known_by, reg->handle))
        return;
    owned_drop(NULL, &stack->known_as);
    stack->known_by = (struct handle){0};
}
