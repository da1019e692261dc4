/* A folder of our own for a test, and files in it.
 *
 *     struct test_folder folder;
 *     test_folder_make(&folder);
 *     test_folder_file(&folder, "a/basic.lua", "scenario(...)");
 *     test_folder_remove(&folder);
 */
#pragma once
#include "core/core.h"

struct test_folder {
    char path[64]; /* absolute, without links */
};

void test_folder_make(struct test_folder *folder);
void test_folder_file(const struct test_folder *folder, const char *path, const char *text);
void test_folder_sub(const struct test_folder *folder, const char *path);
/* path below the folder, in room that the sixty-third call after it reuses. */
const char *test_folder_path(const struct test_folder *folder, const char *path);
void test_folder_remove(struct test_folder *folder);
