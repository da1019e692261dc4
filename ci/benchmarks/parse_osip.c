#include "parse_bench.h"

#include <osipparser2/osip_parser.h>

/* libosip2 parses every header it knows at once. */
static int parse_one(const struct input *input)
{
    osip_message_t *msg;
    if (osip_message_init(&msg) != 0)
        return 0;
    int failed = osip_message_parse(msg, input->bytes, input->len);
    osip_message_free(msg);
    return failed == 0;
}

int main(int argc, char **argv)
{
    parser_init();
    return parse_bench(argc, argv, "libosip2", parse_one);
}
