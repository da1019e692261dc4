/* The program as a test of its command line drives it: one run at a time, one folder for its files.
 *
 *     static void it_passes(void **state)
 *     {
 *         CLI("run", DATA "pass.lua");
 *         cli_code(0);
 *         cli_said("2 passed");
 *     }
 *     … CLI_TEST(it_passes) …
 */
#pragma once
#include "harness/run/binary_fixture.h"
#include "harness/run/folder_fixture.h"

#define DATA "harness/run/testdata/"
#define CLI(...) cli_run(NULL, __VA_ARGS__, NULL)
#define CLI_TEST(name) cmocka_unit_test_setup_teardown(name, cli_setup, cli_teardown)

int cli_setup(void **state);
int cli_teardown(void **state);

void cli_run(const struct binary_start *start, ...) __attribute__((sentinel));
void cli_words(const struct binary_start *start, const char *const *words);
struct binary_end *cli_end(void); /* of the last run */

/* Fail with all that was said. */
void cli_code(int code);
void cli_said(const char *what); /* on standard output or standard error */
void cli_unsaid(const char *what);

struct test_folder *cli_folder(void);
const char *cli_path(const char *path);           /* below it */
void cli_read(const char *path, struct buf *out); /* appends the file; fails where there is none */
bool cli_there(const char *path);
