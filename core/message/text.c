/* Values that are taken as they stand: text, and single tokens of lists. */
#include "core/message/kind.h"

static void text_scan(struct scan *s, void *out)
{
    struct sip_text *text = out;
    text->text = view_trim((struct view){s->at, (size_t)(s->end - s->at)});
    s->at = s->end;
}

static void token_scan(struct scan *s, void *out)
{
    struct sip_text *text = out;
    text->text = scan_token(s);
}

static void text_write(struct buf *buf, const void *in)
{
    const struct sip_text *text = in;
    buf_add(buf, text->text);
}

const struct sip_header_kind sip_text_kind = {
    .name = "text",
    .shape = SIP_SHAPE_TEXT,
    .size = sizeof(struct sip_text),
    .parse = text_scan,
    .write = text_write,
};

const struct sip_header_kind sip_token_kind = {
    .name = "token",
    .shape = SIP_SHAPE_TOKEN,
    .size = sizeof(struct sip_text),
    .parse = token_scan,
    .write = text_write,
};
