#include "harness/run/folder_fixture.h"

#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

void test_folder_make(struct test_folder *folder)
{
    snprintf(folder->path, sizeof folder->path, "/tmp/sipwright-test-XXXXXX");
    ASSERT(mkdtemp(folder->path) != NULL);
}

const char *test_folder_path(const struct test_folder *folder, const char *path)
{
    static char rooms[64][256];
    static unsigned next;
    char *room = rooms[next++ % (sizeof rooms / sizeof *rooms)];

    snprintf(room, sizeof rooms[0], "%s/%s", folder->path, path);
    return room;
}

static void folders_make(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

void test_folder_file(const struct test_folder *folder, const char *path, const char *text)
{
    char room[256];

    snprintf(room, sizeof room, "%s", test_folder_path(folder, path));
    folders_make(room);
    FILE *file = fopen(room, "wb");
    ASSERT(file != NULL);
    ASSERT(fputs(text, file) >= 0);
    ASSERT(fclose(file) == 0);
}

void test_folder_sub(const struct test_folder *folder, const char *path)
{
    char room[256];

    snprintf(room, sizeof room, "%s/", test_folder_path(folder, path));
    folders_make(room);
}

void test_folder_remove(struct test_folder *folder)
{
    char *roots[] = {folder->path, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    ASSERT(walk != NULL);
    for (FTSENT *entry; (entry = fts_read(walk)) != NULL;)
        if (entry->fts_info != FTS_D) /* a folder comes once more, when it is empty */
            remove(entry->fts_accpath);
    fts_close(walk);
}
