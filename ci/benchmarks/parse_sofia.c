#include "parse_bench.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>

/* sofia-sip parses every header of its class at once. */
static int parse_one(const struct input *input)
{
    msg_t *msg = msg_make(sip_default_mclass(), 0, input->bytes, (ssize_t)input->len);
    sip_t *sip = msg == NULL ? NULL : sip_object(msg);
    int good =
        sip != NULL && sip->sip_error == NULL && sip->sip_via != NULL && sip->sip_cseq != NULL;
    msg_destroy(msg);
    return good;
}

int main(int argc, char **argv)
{
    return parse_bench(argc, argv, "sofia-sip", parse_one);
}
