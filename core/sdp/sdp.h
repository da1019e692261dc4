/* Session descriptions (RFC 8866) as views, and the offers and answers that our agents make of them
 * (RFC 3264). A departure from the grammar is a fault, not a refusal.
 *
 *     struct sip_sdp sdp;
 *     enum err err = sip_sdp_parse(sip_sdp_body(msg), &arena, &sdp);
 *     err = sip_sdp_answer(&buf, &sdp, &own, NULL);
 */
#pragma once
#include "core/base.h"
#include "core/message/msg.h"

enum sip_sdp_direction { /* bit 0: this side sends, bit 1: it receives */
                         SIP_SDP_INACTIVE,
                         SIP_SDP_SENDONLY,
                         SIP_SDP_RECVONLY,
                         SIP_SDP_SENDRECV
};

struct sip_sdp_attribute {
    struct view name, value; /* value absent: a flag, "a=sendonly" */
};

struct sip_sdp_line {
    char type; /* 'a' */
    struct view value;
};

struct sip_sdp_origin {
    struct view user, session_id, session_version, net_type, addr_type, address;
};

struct sip_sdp_connection {
    struct view net_type, addr_type, address; /* all absent: there is none */
};

struct sip_sdp_codec { /* a format with its rtpmap, or what RFC 3551 Table 4 says of the number */
    struct view format, name; /* "0", "PCMU"; name absent: not known */
    uint32_t rate, channels;  /* 0: not known */
    struct view fmtp;         /* absent: none */
};

struct sip_sdp_media {
    struct view kind, protocol; /* "audio" "RTP/AVP" */
    uint16_t port;              /* 0: rejected, or not readable (then a fault tells) */
    uint32_t port_count;        /* 1 where none is written */
    const struct view *formats;
    size_t format_count;
    const struct sip_sdp_codec *codecs; /* one for each format */
    const struct sip_sdp_attribute *attributes;
    size_t attribute_count;
    const struct sip_sdp_line *lines; /* behind the m=, in order */
    size_t line_count;
    struct sip_sdp_connection connection; /* its own, else the session's */
    enum sip_sdp_direction direction;     /* its own, else the session's, else sendrecv */
    struct view text;                     /* value of the m= */
};

struct sip_sdp {
    struct view version, name, time; /* of v=, s= and the first t=; absent where there is none */
    struct sip_sdp_origin origin;    /* all absent: none that can be read */
    struct sip_sdp_connection connection;
    enum sip_sdp_direction direction; /* of the session: sendrecv where nothing is said */
    const struct sip_sdp_attribute *attributes;
    size_t attribute_count;
    const struct sip_sdp_line *lines; /* before the first m=, in order */
    size_t line_count;
    const struct sip_sdp_media *media;
    size_t media_count;
    const struct sip_fault *faults; /* in order of their offsets; at most SIP_SDP_FAULTS_MAX */
    size_t fault_count;
};

enum { SIP_SDP_FAULTS_MAX = 64, SIP_SDP_LINES_MAX = 65536, SIP_SDP_STREAMS_MAX = 32 };

/* The description in a message's body: the whole body where Content-Type is application/sdp, the
 * first such part of a multipart; absent where there is none. */
struct view sip_sdp_body(struct sip_msg *msg);
/* The same, read: once, and kept with the message. NULL: there is none, or it cannot be read. */
const struct sip_sdp *sip_sdp_of(struct sip_msg *msg);
/* Reads whatever is there; the views point into text, the arrays into the arena. ERR_SYNTAX: not
 * one line is of the form "x=", ERR_LIMIT: more than SIP_SDP_LINES_MAX, ERR_MEMORY. */
enum err sip_sdp_parse(struct view text, struct arena *arena, struct sip_sdp *out) NODISCARD;
/* All lines in their order with CRLF, from `lines` and the media's `text` and `lines`. */
void sip_sdp_write(struct buf *buf, const struct sip_sdp *sdp);

const char *sip_sdp_direction_text(enum sip_sdp_direction direction);       /* "sendonly" */
bool sip_sdp_direction_find(struct view text, enum sip_sdp_direction *out); /* exact */
/* As the other side of the same stream sees it: sendonly is recvonly there. */
enum sip_sdp_direction sip_sdp_direction_mirrored(enum sip_sdp_direction direction);
/* The value of the media's attribute, else of the session's; false: neither has it. */
bool sip_sdp_attribute_find(const struct sip_sdp *sdp, const struct sip_sdp_media *media,
                            struct view name, struct view *out_value);

struct sip_sdp_stream {        /* one of those that one side has to offer, all over RTP/AVP */
    struct view kind;          /* "audio" */
    uint16_t port;             /* 0: it is declined or held back */
    const struct view *codecs; /* names: "PCMU" "telephone-event" "H261/90000" … */
    size_t codec_count;
    enum sip_sdp_direction direction; /* what this side is willing to do; usually sendrecv */
};

struct sip_sdp_options { /* what one side has to offer: one audio stream, or what `streams` says */
    struct addr address; /* its port is the media's; 0: the stream is declined or held back */
    const struct view *codecs; /* as above; NULL: PCMU, PCMA, telephone-event */
    size_t codec_count;
    enum sip_sdp_direction direction;
    struct view user; /* o= username; absent: "-" */
    uint64_t session_id, session_version;
    const struct sip_sdp_stream *streams; /* instead of the one; NULL: none */
    size_t stream_count;                  /* SIP_SDP_STREAMS_MAX at most */
};

/* The names that have a payload type here; others take 96 and up, at 8000 Hz. */
void sip_sdp_offer(struct buf *buf, const struct sip_sdp_options *own);
/* RFC 3264 §6: a line for each of the offer's, in its order, with its formats' numbers and order;
 * what is not ours (not over RTP/AVP, of no kind or codec of ours, one more of a kind) has port 0.
 * out_accepted (may be NULL): how many have not; 0: the offer as a whole is to be refused (488).
 * ERR_SYNTAX: the offer has no v= or o= and can be answered by nothing. */
enum err sip_sdp_answer(struct buf *buf, const struct sip_sdp *offer,
                        const struct sip_sdp_options *own, size_t *out_accepted) NODISCARD;
/* The description again, with this direction in each stream and the version of its o= one higher
 * (RFC 3264 §8): sendrecv to resume. ERR_SYNTAX: no version to count up. */
enum err sip_sdp_with_direction(struct buf *buf, const struct sip_sdp *sdp,
                                enum sip_sdp_direction direction) NODISCARD;
/* Likewise, without what each stream receives (RFC 3264 §8.4): sendrecv is sendonly then, recvonly
 * inactive. */
enum err sip_sdp_hold(struct buf *buf, const struct sip_sdp *sdp) NODISCARD;

/* The later description of the same session: with the o= line of the one before, whose version is
 * one higher where anything else has changed (RFC 3264 §8). ERR_SYNTAX: no version to count up. */
enum err sip_sdp_succeed(struct buf *buf, const struct sip_sdp *before,
                         const struct sip_sdp *next) NODISCARD;
/* The same in all but the version of their o= lines. */
bool sip_sdp_same(const struct sip_sdp *a, const struct sip_sdp *b);
/* In what an answer departs from RFC 3264 §6, or a later description from §8 (before, after: of one
 * side). The rules that it breaks, each once, with offsets into the answer or the later one; gives
 * their number, `room` at most. */
size_t sip_sdp_answer_check(const struct sip_sdp *offer, const struct sip_sdp *answer,
                            struct sip_fault *out, size_t room);
size_t sip_sdp_change_check(const struct sip_sdp *before, const struct sip_sdp *after,
                            struct sip_fault *out, size_t room);
