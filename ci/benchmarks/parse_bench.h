/* What the parsers' drivers share: load the files, parse each of them N times, print one line,
 * "NAME ns-per-message". `parse_sofia 100000 ci/bench/messages/ *.sip`.
 *
 *     int main(int argc, char **argv)
 *     {
 *         return parse_bench(argc, argv, "osip", parse_one);
 *     }
 */
#pragma once
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct input {
    char *bytes; /* terminated, for parsers that need it */
    size_t len;
};

/* Parses whole: Request-URI, every Via, From, To, Contact, Record-Route, CSeq, Authorization.
 * False: it failed. */
typedef int parse_fn(const struct input *input);

static int input_load(const char *path, struct input *out)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    char *bytes = calloc(1, 65536);
    size_t len = bytes == NULL ? 0 : fread(bytes, 1, 65535, file);
    fclose(file);
    *out = (struct input){bytes, len};
    return len > 0;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int parse_bench(int argc, char **argv, const char *name, parse_fn *parse)
{
    static struct input inputs[64];
    int count = argc - 2;
    long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1 || count < 1 || count > 64) {
        fprintf(stderr, "use: %s ROUNDS FILE …\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < count; i++) {
        if (!input_load(argv[i + 2], &inputs[i])) {
            fprintf(stderr, "%s: %s\n", argv[i + 2], strerror(errno));
            return 2;
        }
    }
    double began = now_ns();
    for (long r = 0; r < rounds; r++) {
        for (int i = 0; i < count; i++) {
            if (!parse(&inputs[i])) {
                fprintf(stderr, "%s: %s does not parse it\n", argv[i + 2], name);
                return 1;
            }
        }
    }
    printf("%s %.1f\n", name, (now_ns() - began) / (double)rounds / count);
    for (int i = 0; i < count; i++)
        free(inputs[i].bytes);
    return 0;
}
