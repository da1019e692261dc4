#include "core/message/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* What readers of a header believe to be in it, by the size of its struct. */
static const size_t sizes[] = {
    [SIP_SHAPE_TEXT] = sizeof(struct sip_text),
    [SIP_SHAPE_TOKEN] = sizeof(struct sip_text),
    [SIP_SHAPE_VIA] = sizeof(struct sip_via),
    [SIP_SHAPE_NAME_ADDR] = sizeof(struct sip_name_addr),
    [SIP_SHAPE_CSEQ] = sizeof(struct sip_cseq),
    [SIP_SHAPE_TOKEN_PARAMS] = sizeof(struct sip_token_params),
    [SIP_SHAPE_MEDIA_TYPE] = sizeof(struct sip_media_type),
    [SIP_SHAPE_NUMBER] = sizeof(struct sip_number),
    [SIP_SHAPE_RACK] = sizeof(struct sip_rack),
    [SIP_SHAPE_AUTH] = sizeof(struct sip_auth),
    [SIP_SHAPE_DIALOG_ID] = sizeof(struct sip_dialog_id),
    [SIP_SHAPE_RETRY_AFTER] = sizeof(struct sip_retry_after),
    [SIP_SHAPE_WARNING] = sizeof(struct sip_warning),
    [SIP_SHAPE_DATE] = sizeof(struct sip_date),
    [SIP_SHAPE_TIMESTAMP] = sizeof(struct sip_timestamp),
    [SIP_SHAPE_URI_PARAMS] = sizeof(struct sip_uri_params),
};

static void every_header_has_the_shape_of_its_kind(void **state)
{
    (void)state;
    for (unsigned i = SIP_HEADER_OTHER + 1; i < SIP_HEADER_COUNT; i++) {
        enum sip_header_id id = (enum sip_header_id)i;
        enum sip_shape shape = sip_header_shape(id);
        assert_int_not_equal(shape, SIP_SHAPE_NONE);
        assert_int_equal(sip_header_kind(id)->size, sizes[shape]);
    }
}

static void a_header_nobody_knows_has_none(void **state)
{
    (void)state;
    assert_int_equal(sip_header_shape(SIP_HEADER_OTHER), SIP_SHAPE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_header_has_the_shape_of_its_kind),
        cmocka_unit_test(a_header_nobody_knows_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
