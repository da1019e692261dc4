#include "core/stack/credentials.h"

#include "core/dialog/owned.h"

const struct credential_kind credential_kinds[CREDENTIAL_KINDS] = {
    {SIP_HEADER_WWW_AUTHENTICATE,   SIP_HEADER_AUTHORIZATION,       false},
    {SIP_HEADER_PROXY_AUTHENTICATE, SIP_HEADER_PROXY_AUTHORIZATION, true },
};

void credentials_row(struct buf *rows, enum sip_header_id id, struct view name, struct view value)
{
    bool credentials = id == SIP_HEADER_AUTHORIZATION || id == SIP_HEADER_PROXY_AUTHORIZATION;
    if (credentials && value.ptr != NULL)
        buf_printf(rows, "%.*s: %.*s\r\n", VIEW_ARG(name), VIEW_ARG(value));
}

enum err credentials_keep(struct sip_call *call, struct buf *rows)
{
    enum err err = rows->failed;
    if (err == ERR_OK)
        err = owned_set(NULL, &call->credentials, buf_view(rows));
    buf_deinit(rows);
    return err;
}

enum err credential_write(struct sip_stack *stack, uint32_t space, struct keyring_request *request,
                          struct buf *buf)
{
    struct id cnonce;
    id_cnonce(stack, &cnonce);
    request->cnonce = id_view(&cnonce);
    request->count_kept = (stack->layer.mutants & SIP_MUTANT_NC_FROZEN) != 0;
    return keyring_answer(&stack->keyring, space, request, buf);
}

enum err credentials_write(struct sip_stack *stack, const struct request_plan *plan,
                           uint32_t spaces, struct view *out)
{
    struct keyring_request request = {
        .method = plan->method, .uri = plan->uri, .body = plan->options->body};
    struct buf buf = {0};
    enum err err = ERR_OK;
    for (uint32_t space = 0; space < KEYRING_SPACES_MAX && err == ERR_OK; space++) {
        if ((spaces & UINT32_C(1) << space) == 0)
            continue;
        enum sip_header_id id = credential_kinds[keyring_proxy(&stack->keyring, space)].credentials;
        if (sip_row_find(plan->options->rows, plan->options->row_count, id) != NULL)
            continue;
        buf_add(&buf, sip_header_name(id));
        buf_add(&buf, V(": "));
        err = credential_write(stack, space, &request, &buf);
        buf_add(&buf, V("\r\n"));
    }
    err = err == ERR_OK ? buf.failed : err;
    struct view rows =
        err == ERR_OK ? arena_copy(&stack->scratch, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    if (rows.ptr == NULL)
        return err == ERR_OK ? ERR_MEMORY : err;
    *out = rows;
    return ERR_OK;
}
