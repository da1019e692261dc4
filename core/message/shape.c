#include "core/message/kind.h"

static const struct {
    const struct sip_header_kind *kind;
    enum sip_shape shape;
} shapes[] = {
    {&sip_via_kind,          SIP_SHAPE_VIA         },
    {&sip_name_addr_kind,    SIP_SHAPE_NAME_ADDR   },
    {&sip_cseq_kind,         SIP_SHAPE_CSEQ        },
    {&sip_token_params_kind, SIP_SHAPE_TOKEN_PARAMS},
    {&sip_media_type_kind,   SIP_SHAPE_MEDIA_TYPE  },
    {&sip_number_kind,       SIP_SHAPE_NUMBER      },
    {&sip_rack_kind,         SIP_SHAPE_RACK        },
    {&sip_token_kind,        SIP_SHAPE_TOKEN       },
    {&sip_text_kind,         SIP_SHAPE_TEXT        },
};

enum sip_shape sip_header_shape(enum sip_header_id id)
{
    const struct sip_header_kind *kind = sip_header_kind(id);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (shapes[i].kind == kind)
            return shapes[i].shape;
    return SIP_SHAPE_NONE;
}
