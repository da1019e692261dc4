/* Runs a command N times and prints, in one line: minimum, median and maximum of its wall time in
 * ms, and the largest resident set of it and its children in KB. `stopwatch 5 true`. Exit: the
 * command's own where it is not 0. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static double times[1000];
    long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0, most_kb = 0;
    if (rounds < 1 || rounds > 1000) {
        fprintf(stderr, "use: stopwatch ROUNDS COMMAND …\n");
        return 2;
    }
    for (long i = 0; i < rounds; i++) {
        double began = now_ms();
        pid_t pid = fork();
        if (pid == 0) {
            if (freopen("/dev/null", "w", stdout) == NULL)
                _exit(127);
            execvp(argv[2], argv + 2);
            _exit(127);
        }
        int status = 0;
        struct rusage usage;
        if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
            return 1;
        times[i] = now_ms() - began;
        most_kb = usage.ru_maxrss > most_kb ? usage.ru_maxrss : most_kb;
        if (status != 0)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%.3f %.3f %.3f %ld\n", times[0], times[rounds / 2], times[rounds - 1], most_kb);
    return 0;
}
