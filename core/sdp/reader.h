/* What the parts of the parser of session descriptions share; private to core/sdp.
 *
 *     struct sdp_reader r = {.text = text, .arena = arena};
 *     sdp_fault(&r, "sdp-port", "RFC 8866 §5.14", word);
 */
#pragma once
#include "core/sdp/sdp.h"

struct sdp_reader {
    struct view text;
    struct arena *arena;
    struct sip_sdp_line *lines; /* all of them, the m= lines too */
    size_t line_count;
    struct sip_fault *faults;
    size_t fault_count;
    enum err failed; /* sticky: MEMORY, LIMIT */
};

/* The fault stands where `at` begins in the text. More than SIP_SDP_FAULTS_MAX are not kept. */
void sdp_fault(struct sdp_reader *r, const char *rule, const char *section, struct view at);
/* The next word of a value: words stand apart by single spaces. Absent at the end. */
struct view sdp_word(struct view *rest);
/* NULL and a sticky failure where there is no memory; count 0 gives a pointer too. */
void *sdp_array(struct sdp_reader *r, size_t count, size_t size) NODISCARD;
struct sip_sdp_connection sdp_connection_parse(struct sdp_reader *r, struct view value);
void sdp_media_parse(struct sdp_reader *r, struct view value, struct sip_sdp_media *media);
/* One codec for each of the media's formats, from its attributes and from RFC 3551. */
void sdp_codecs_parse(struct sdp_reader *r, struct sip_sdp_media *media);
/* The number that RFC 3551 Tables 4 and 5 give to an encoding, and the other way round. */
const struct sip_sdp_codec *sdp_codec_static(uint64_t payload);
const struct sip_sdp_codec *sdp_codec_named(struct view name, uint32_t rate);
