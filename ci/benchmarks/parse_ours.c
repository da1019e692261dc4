/* Our own parser: whole; with --index as last argument what a transaction layer asks first (ids,
 * Call-ID, CSeq, top branch); with --allocations how many a message costs once warm. */
#include "core/base/alloc.h"
#include "core/message/msg.h"

#include "parse_bench.h"

enum { BLOBS_MAX = 64 };

/* The bytes as a driver hands them over, made once. */
static struct blob *blob_of(const struct input *input)
{
    static struct {
        const struct input *input;
        struct blob *blob;
    } made[BLOBS_MAX];
    for (int i = 0; i < BLOBS_MAX; i++) {
        if (made[i].input == input)
            return made[i].blob;
        if (made[i].input != NULL)
            continue;
        made[i].input = input;
        made[i].blob = blob_create((struct view){input->bytes, input->len});
        return made[i].blob;
    }
    return NULL;
}

static size_t read_all(struct sip_msg *msg, enum sip_header_id id)
{
    size_t count = 0;
    while (sip_msg_get(msg, id, count) != NULL)
        count++;
    return count;
}

static int parse_whole(const struct input *input)
{
    struct sip_msg *msg;
    if (sip_msg_parse(blob_of(input), SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return 0;
    int good = !sip_msg_is_request(msg) || sip_msg_request_uri(msg) != NULL;
    good = good && read_all(msg, SIP_HEADER_VIA) > 0 && sip_msg_from(msg) != NULL;
    good = good && sip_msg_to(msg) != NULL && sip_msg_cseq(msg) != NULL;
    read_all(msg, SIP_HEADER_CONTACT);
    read_all(msg, SIP_HEADER_RECORD_ROUTE);
    read_all(msg, SIP_HEADER_AUTHORIZATION);
    good = good && sip_msg_fatal(msg) == NULL;
    sip_msg_unref(msg);
    return good;
}

static int parse_index(const struct input *input)
{
    struct sip_msg *msg;
    if (sip_msg_parse(blob_of(input), SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return 0;
    const struct sip_via *via = sip_msg_via(msg, 0);
    int good = via != NULL && via->branch.len > 0 && sip_msg_cseq(msg) != NULL &&
               sip_msg_call_id(msg).len > 0;
    sip_msg_unref(msg);
    return good;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[argc - 1] : "";
    if (strcmp(mode, "--index") == 0)
        return parse_bench(argc - 1, argv, "ours-index", parse_index);
    if (strcmp(mode, "--allocations") != 0)
        return parse_bench(argc, argv, "ours", parse_whole);
    char once[] = "1", *first[BLOBS_MAX] = {argv[0], once};
    int count = argc - 3 < BLOBS_MAX - 2 ? argc - 3 : BLOBS_MAX - 2;
    for (int i = 0; i < count; i++)
        first[i + 2] = argv[i + 2];
    int status = parse_bench(count + 2, first, "ours-warm", parse_whole);
    uint64_t before = mem_count();
    status |= parse_bench(argc - 1, argv, "ours", parse_whole);
    double messages = (double)count * (double)strtol(argv[1], NULL, 10);
    printf("allocations %g\n", (double)(mem_count() - before) / messages);
    return status;
}
