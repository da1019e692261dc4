/* The options of agents: what they can and what is left to the scenario; proxies and their routes.
 */
#include "harness/record/constructs.h"

enum { CODECS_MOST = 16, NAME_MOST = 40 };

static bool is_token(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
            return false;
    }
    return text.len > 0 && text.len < NAME_MOST;
}

/* The codecs of its first description: an agent makes its own with these. */
static const struct sip_sdp_media *audio_of(struct sip_msg *msg)
{
    const struct sip_sdp *sdp = sip_sdp_of(msg);

    for (size_t i = 0; sdp != NULL && i < sdp->media_count; i++)
        if (view_equal(sdp->media[i].kind, V("audio")) &&
            view_equal(sdp->media[i].protocol, V("RTP/AVP")))
            return &sdp->media[i];
    return NULL;
}

static const struct sip_sdp_media *first_audio(const struct reading *reading, uint16_t party)
{
    for (uint32_t i = 0; i < reading->call->message_count; i++) {
        const struct sip_sdp_media *media = audio_of(reading->call->messages[i].msg);
        if (reading->call->messages[i].from == party && media != NULL)
            return media;
    }
    return NULL;
}

/* What the first description of the call offers, where it is another's: an answer has no more, and
 * in its order. */
static const struct sip_sdp_media *offer_to(const struct reading *reading, uint16_t party)
{
    for (uint32_t i = 0; i < reading->call->message_count; i++) {
        const struct sip_sdp_media *media = audio_of(reading->call->messages[i].msg);
        if (media != NULL)
            return reading->call->messages[i].from == party ? NULL : media;
    }
    return NULL;
}

static bool has_codec(const struct sip_sdp_media *media, const struct sip_sdp_codec *codec)
{
    for (size_t i = 0; i < media->format_count; i++)
        if (view_equal_nocase(media->codecs[i].name, codec->name) &&
            media->codecs[i].rate == codec->rate)
            return true;
    return false;
}

/* The same encoding at another rate or with other parameters is one codec of ours. */
static bool is_named_before(const struct sip_sdp_media *media, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (view_equal_nocase(media->codecs[i].name, media->codecs[index].name))
            return true;
    return false;
}

static bool codecs_known(const struct sip_sdp_media *media)
{
    bool known = media->format_count > 0 && media->format_count <= CODECS_MOST;

    for (size_t i = 0; known && i < media->format_count; i++)
        known = is_token(media->codecs[i].name);
    return known;
}

static bool codecs_are_default(const struct sip_sdp_media *media)
{
    static const char *const names[] = {"PCMU", "PCMA", "telephone-event"};

    if (media->format_count != 3)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!view_equal(media->codecs[i].name, view_of(names[i])))
            return false;
    return true;
}

static void codecs_say(struct reading *reading, uint16_t party, struct word *opts)
{
    struct words *words = &reading->outline->words;
    const struct sip_sdp_media *media = first_audio(reading, party);

    if (reading->options->way != OUTLINE_CALLS || media == NULL || !codecs_known(media) ||
        codecs_are_default(media))
        return;
    const struct sip_sdp_media *offer = offer_to(reading, party);
    const struct sip_sdp_media *order = offer == NULL || !codecs_known(offer) ? media : offer;
    struct word *list = word_make(words, WORD_TABLE, V(""));
    for (size_t i = 0; i < order->format_count; i++) {
        const struct sip_sdp_codec *codec = &order->codecs[i];
        struct view name = codec->name;
        if (!has_codec(media, codec) || is_named_before(order, i))
            continue;
        if (codec->rate != 0 && codec->rate != 8000)
            name = words_print(words, "%.*s/%u", VIEW_ARG(codec->name), (unsigned)codec->rate);
        table_text(words, list, (struct view){0}, name);
    }
    if (list->fields != NULL)
        table_set(words, opts, V("codecs"), list);
}

static void manual_say(struct reading *reading, uint16_t party, struct word *opts)
{
    struct words *words = &reading->outline->words;

    if (reading->manual[party] == 0)
        return;
    struct word *list = table_set(words, opts, V("manual"), word_make(words, WORD_TABLE, V("")));
    for (unsigned i = 0; i < MANUAL_COUNT; i++)
        if ((reading->manual[party] & 1U << i) != 0)
            table_text(words, list, (struct view){0}, manual_text(i));
}

/* Whose credentials the party shows; absent: it was never challenged. */
static struct view user_of(const struct reading *reading, uint16_t party)
{
    for (uint16_t i = 0; i < reading->call->transaction_count; i++) {
        if (reading->call->transactions[i].client != party ||
            reading->exchanges[i].retry_of == CALL_NONE)
            continue;
        struct sip_msg *msg = request_of(reading, i);
        const struct sip_auth *auth = sip_msg_get(msg, SIP_HEADER_AUTHORIZATION, 0);
        struct view user = {0};
        if (auth == NULL)
            auth = sip_msg_get(msg, SIP_HEADER_PROXY_AUTHORIZATION, 0);
        if (auth != NULL && sip_param_find(&auth->params, V("username"), &user) && user.len > 2)
            return (struct view){user.ptr + 1, user.len - 2};
    }
    return (struct view){0};
}

/* "alice.b" asks for secret("ALICE_B"). */
static struct view secret_name(struct outline *outline, struct view user)
{
    char room[NAME_MOST + 1];
    size_t len = 0;

    for (size_t i = 0; i < user.len && len < NAME_MOST; i++) {
        char c = user.ptr[i];
        bool letter = char_lower(c) >= 'a' && char_lower(c) <= 'z';
        room[len++] =
            letter ? (char)(char_lower(c) - 'a' + 'A') : (char)(c >= '0' && c <= '9' ? c : '_');
    }
    struct view name = words_copy(&outline->words, (struct view){room, len});
    for (uint32_t i = 0; i < outline->secret_count; i++)
        if (view_equal(outline->secrets[i], name))
            return name;
    if (outline->secret_count < OUTLINE_SECRETS_MOST)
        outline->secrets[outline->secret_count++] = name;
    return name;
}

static struct word *secret_word(struct reading *reading, struct view user)
{
    struct words *words = &reading->outline->words;
    struct word *secret = word_make(words, WORD_CALL, V("secret"));

    table_text(words, secret, (struct view){0}, secret_name(reading->outline, user));
    return secret;
}

static void auth_say(struct reading *reading, uint16_t party, struct word *opts)
{
    struct words *words = &reading->outline->words;
    struct view user = user_of(reading, party);

    if (user.len == 0)
        return;
    struct word *auth = table_set(words, opts, V("auth"), word_make(words, WORD_TABLE, V("")));
    table_text(words, auth, V("user"), user);
    table_set(words, auth, V("password"), secret_word(reading, user));
}

/* Whom it has challenged it knows. */
void users_say(struct reading *reading, uint16_t party)
{
    struct words *words = &reading->outline->words;
    struct word *opts = reading->outline->actors[party].options;
    struct word *users = word_make(words, WORD_TABLE, V(""));

    for (uint16_t i = 0; i < reading->call->party_count; i++) {
        struct view user = user_of(reading, i);
        if (i != party && user.len > 0)
            table_set(words, users, user, secret_word(reading, user));
    }
    if (users->fields != NULL)
        table_set(words, opts, V("users"), users);
}

static void agent_say(struct reading *reading, uint16_t party)
{
    struct actor *actor = &reading->outline->actors[party];

    if (actor->kind == ACTOR_DEVICE)
        return;
    actor->options = word_make(&reading->outline->words, WORD_TABLE, V(""));
    actor->order = actor->kind == ACTOR_PROXY ? 1 : 0;
    actor_transport(reading->outline, party);
    if (actor->kind == ACTOR_PROXY) {
        proxy_say(reading, party);
        return;
    }
    if (actor->kind == ACTOR_REGISTRAR) {
        users_say(reading, party);
        return;
    }
    outbound_say(reading, party);
    codecs_say(reading, party, actor->options);
    manual_say(reading, party, actor->options);
    auth_say(reading, party, actor->options);
}

/* An agent describes audio, by its codecs: what else a description had is not kept, which is said.
 */
static void media_note(struct outline *outline, struct sip_msg *msg)
{
    const struct sip_sdp *sdp = sip_sdp_of(msg);

    for (size_t i = 0; sdp != NULL && i < sdp->media_count; i++) {
        const struct sip_sdp_media *media = &sdp->media[i];
        if (media == audio_of(msg))
            continue;
        outline_note(
            outline,
            words_print(
                &outline->words,
                "Its agents describe one stream of plain audio: \"m=%.*s … %.*s\" is left out.",
                VIEW_ARG(view_head(media->kind, NAME_MOST)),
                VIEW_ARG(view_head(media->protocol, NAME_MOST))));
    }
}

void agents_say(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->call->message_count; i++)
        media_note(reading->outline, reading->call->messages[i].msg);
    for (uint16_t i = 0; i < reading->call->party_count && reading->why.len == 0; i++)
        agent_say(reading, i);
}
