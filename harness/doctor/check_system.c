/* What the system lets a process have. */
#include "harness/doctor/checkup.h"

#include "harness/host/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { FILES_BAD = 64, FILES_POOR = 1024, SPACE_POOR_MB = 100, NET_RAW = 13 };

void check_descriptors(struct symptom *out)
{
    struct rlimit files = {0}, processes = {0};

    getrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NPROC, &processes);
    symptom_say(out, "%llu files", (unsigned long long)files.rlim_cur);
    if (processes.rlim_cur != RLIM_INFINITY)
        symptom_say(out, ", %llu processes", (unsigned long long)processes.rlim_cur);
    if (files.rlim_cur < FILES_BAD)
        symptom_bad(out, "each agent needs some: ulimit -n %d", FILES_POOR);
    else if (files.rlim_cur < FILES_POOR)
        symptom_poor(out, "scenarios with many agents or connections want more: ulimit -n %d",
                     4 * FILES_POOR);
}

void check_cores(struct symptom *out)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    symptom_say(out, "%ld: as many simulated scenarios at a time (--jobs)", cores);
}

void check_entropy(struct symptom *out)
{
    char room[16];

    if (getrandom(room, sizeof room, GRND_NONBLOCK) == (ssize_t)sizeof room) {
        symptom_say(out, "there at once");
        return;
    }
    symptom_say(out, "%s", strerror(errno));
    symptom_bad(out, "wait until the machine has booted, or give it a source (virtio-rng, rngd)");
}

static bool can_write(const char *folder)
{
    char path[300];

    snprintf(path, sizeof path, "%s/sipwright-XXXXXX", folder);
    int fd = mkstemp(path);
    if (fd < 0)
        return false;
    close(fd);
    return unlink(path) == 0;
}

void check_folder(struct symptom *out)
{
    const char *temporary = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    struct statvfs space = {0};

    if (!can_write(".")) {
        symptom_say(out, "nothing can be written here");
        symptom_poor(out,
                     "reports go elsewhere: give --html, --junit and --trace a folder of yours");
    } else if (!can_write(temporary)) {
        symptom_say(out, "nothing can be written to %s", temporary);
        symptom_bad(out, "long runs keep events there: set TMPDIR to a folder of yours");
    } else {
        uint64_t free_mb = statvfs(".", &space) == 0 ? space.f_bavail * space.f_frsize >> 20 : 0;
        symptom_say(out, "this one and %s are writable, %llu MB free", temporary,
                    (unsigned long long)free_mb);
        if (free_mb < SPACE_POOR_MB)
            symptom_poor(out, "make room for reports and captures");
    }
}

static size_t file_head(const char *path, char *room, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, room, size - 1);

    if (fd >= 0)
        close(fd);
    room[got > 0 ? got : 0] = 0;
    return got > 0 ? (size_t)got : 0;
}

/* Not asked: that is for a run that needs names. */
void check_resolvers(struct symptom *out)
{
    char text[4096];
    size_t found = 0;

    for (struct view rest = {text, file_head("/etc/resolv.conf", text, sizeof text)};
         rest.len > 0;) {
        struct view line = view_head(rest, view_find_char(rest, '\n'));
        rest = view_skip(rest, line.len + 1);
        if (!view_starts(line, V("nameserver ")))
            continue;
        struct view address = view_trim(view_skip(line, V("nameserver ").len));
        symptom_say(out, "%s%.*s", found++ == 0 ? "" : ", ", VIEW_ARG(view_head(address, 60)));
    }
    if (found > 0)
        return;
    symptom_say(out, "the system names none");
    symptom_poor(out, "scenarios that look up names want --dns ADDRESS, dns of the target, or "
                      "t.net:dns");
}

void check_capture(struct symptom *out)
{
    char text[4096];
    size_t len = file_head("/proc/self/status", text, sizeof text);
    const char *line = len > 0 ? strstr(text, "CapEff:") : NULL;
    unsigned long long held = line != NULL ? strtoull(line + strlen("CapEff:"), NULL, 16) : 0;

    if ((held >> NET_RAW & 1) != 0)
        symptom_say(out, "live capture is allowed; --trace needs no right");
    else
        symptom_say(out, "--trace needs no right; tcpdump beside a run would (CAP_NET_RAW)");
}

void check_curl(struct symptom *out)
{
    const char *path = getenv("PATH");
    char name[400];

    for (struct view rest = view_of(path); rest.len > 0;) {
        struct view folder = view_head(rest, view_find_char(rest, ':'));
        rest = view_skip(rest, folder.len + 1);
        snprintf(name, sizeof name, "%.*s/curl", VIEW_ARG(view_head(folder, 380)));
        if (access(name, X_OK) == 0) {
            symptom_say(out, "%s", name);
            return;
        }
    }
    symptom_say(out, "it is not there");
    symptom_poor(out, "actions by HTTP need it: apt-get install curl");
}
