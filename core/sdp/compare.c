/* Two descriptions that belong together: an offer and its answer, one and the next of a side. */
#include "core/sdp/sdp.h"

struct findings {
    struct sip_fault *out;
    size_t count, room;
    const char *text; /* where the offsets count from */
};

/* Offsets count from the first line; a line that is not there stands at its beginning. */
static struct findings findings_of(const struct sip_sdp *sdp, struct sip_fault *out, size_t room)
{
    const char *text = sdp->line_count == 0 ? NULL : sdp->lines[0].value.ptr - 2;
    return (struct findings){.out = out, .room = room, .text = text};
}

static void find(struct findings *f, const char *rule, const char *section, struct view at)
{
    for (size_t i = 0; i < f->count; i++)
        if (view_equal(view_of(f->out[i].rule), view_of(rule)))
            return;
    if (f->count == f->room)
        return;
    uint32_t offset = at.ptr == NULL || f->text == NULL ? 0 : (uint32_t)(at.ptr - f->text);
    f->out[f->count++] = (struct sip_fault){rule, section, offset, false};
}

static bool line_same(const struct sip_sdp_line *a, const struct sip_sdp_line *b)
{
    return a->type == b->type && (a->type == 'o' || view_equal(a->value, b->value));
}

static bool lines_same(const struct sip_sdp_line *a, size_t a_count, const struct sip_sdp_line *b,
                       size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!line_same(&a[i], &b[i]))
            return false;
    return true;
}

/* But for the version. */
static bool origin_same(const struct sip_sdp_origin *a, const struct sip_sdp_origin *b)
{
    return view_equal(a->user, b->user) && view_equal(a->session_id, b->session_id) &&
           view_equal(a->net_type, b->net_type) && view_equal(a->addr_type, b->addr_type) &&
           view_equal(a->address, b->address);
}

bool sip_sdp_same(const struct sip_sdp *a, const struct sip_sdp *b)
{
    if (!origin_same(&a->origin, &b->origin) || a->media_count != b->media_count ||
        !lines_same(a->lines, a->line_count, b->lines, b->line_count))
        return false;
    for (size_t i = 0; i < a->media_count; i++) {
        const struct sip_sdp_media *one = &a->media[i], *other = &b->media[i];
        if (!view_equal(one->text, other->text) ||
            !lines_same(one->lines, one->line_count, other->lines, other->line_count))
            return false;
    }
    return true;
}

/* RFC 3264 §6.1: what one side sends the other one has to be willing to receive. */
static bool directions_fit(enum sip_sdp_direction offered, enum sip_sdp_direction answered)
{
    unsigned allowed = sip_sdp_direction_mirrored(offered);
    return (answered & ~allowed) == 0;
}

static bool codec_offered(const struct sip_sdp_media *offered, const struct sip_sdp_codec *codec)
{
    for (size_t i = 0; i < offered->format_count; i++) {
        const struct sip_sdp_codec *one = &offered->codecs[i];
        bool known = codec->name.len != 0 && one->name.len != 0;
        if (known ? view_equal_nocase(codec->name, one->name) && codec->rate == one->rate
                  : view_equal(codec->format, one->format))
            return true;
    }
    return false;
}

/* RFC 3264 §6.1: rtpmap for each payload type that has no meaning of its own. */
static bool is_mapped(const struct sip_sdp_codec *codec)
{
    uint64_t payload;
    return !view_to_uint(codec->format, 127, &payload) || payload < 96 || codec->name.len != 0;
}

static void formats_check(struct findings *f, const struct sip_sdp_media *offered,
                          const struct sip_sdp_media *answered)
{
    bool common = answered->format_count == 0;
    for (size_t i = 0; i < answered->format_count; i++) {
        common |= codec_offered(offered, &answered->codecs[i]);
        if (view_starts_nocase(answered->protocol, V("RTP/")) && !is_mapped(&answered->codecs[i]))
            find(f, "answer-rtpmap", "RFC 3264 §6.1", answered->text);
    }
    if (!common)
        find(f, "answer-format", "RFC 3264 §6.1", answered->text);
}

static void stream_check(struct findings *f, const struct sip_sdp_media *offered,
                         const struct sip_sdp_media *answered)
{
    if (!view_equal(offered->kind, answered->kind))
        find(f, "answer-media-kind", "RFC 3264 §6.1", answered->text);
    if (!view_equal_nocase(offered->protocol, answered->protocol))
        find(f, "answer-protocol", "RFC 3264 §6.1", answered->text);
    if (offered->port == 0 && answered->port != 0)
        find(f, "answer-port", "RFC 3264 §8.2", answered->text);
    if (offered->port == 0 || answered->port == 0)
        return;
    if (!directions_fit(offered->direction, answered->direction))
        find(f, "answer-direction", "RFC 3264 §6.1", answered->text);
    formats_check(f, offered, answered);
}

size_t sip_sdp_answer_check(const struct sip_sdp *offer, const struct sip_sdp *answer,
                            struct sip_fault *out, size_t room)
{
    struct findings f = findings_of(answer, out, room);
    size_t least =
        offer->media_count < answer->media_count ? offer->media_count : answer->media_count;
    if (offer->media_count != answer->media_count)
        find(&f, "answer-media-count", "RFC 3264 §6", (struct view){0});
    if (!view_equal(offer->time, answer->time))
        find(&f, "answer-time", "RFC 3264 §6", answer->time);
    for (size_t i = 0; i < least; i++)
        stream_check(&f, &offer->media[i], &answer->media[i]);
    return f.count;
}

/* RFC 3264 §8: one higher where anything has changed, the same where nothing has. */
static void version_check(struct findings *f, const struct sip_sdp *before,
                          const struct sip_sdp *after)
{
    uint64_t was, is;
    struct view at = after->origin.session_version;
    bool numbers = view_to_uint(before->origin.session_version, UINT64_MAX - 1, &was) &&
                   view_to_uint(at, UINT64_MAX, &is);
    if (!numbers || is == was + 1)
        return;
    if (is != was || !sip_sdp_same(before, after))
        find(f, "change-version", "RFC 3264 §8", at);
}

size_t sip_sdp_change_check(const struct sip_sdp *before, const struct sip_sdp *after,
                            struct sip_fault *out, size_t room)
{
    struct findings f = findings_of(after, out, room);
    if (!origin_same(&before->origin, &after->origin))
        find(&f, "change-origin", "RFC 3264 §8", after->origin.user);
    if (after->media_count < before->media_count)
        find(&f, "change-media-removed", "RFC 3264 §8", (struct view){0});
    version_check(&f, before, after);
    return f.count;
}
