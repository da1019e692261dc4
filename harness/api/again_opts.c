#include "harness/api/again_opts.h"

static const struct {
    const char *name;
    uint32_t bit;
} words[] = {
    {"follow", SIP_AGAIN_FOLLOW},
    {"retry",  SIP_AGAIN_RETRY }
};

uint32_t again_read(const struct opts *opts, uint32_t otherwise)
{
    uint32_t bits = otherwise;
    bool on;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (opts_bool(opts, words[i].name, &on))
            bits = on ? bits | words[i].bit : bits & ~words[i].bit;
    return bits;
}

uint32_t again_soft(const struct opts *opts, uint32_t otherwise)
{
    uint32_t bits = again_read(opts, otherwise);

    return (bits & SIP_AGAIN_RETRY) != 0 ? bits | SIP_AGAIN_EXPIRES : bits;
}
