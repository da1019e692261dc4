/* A device as small as can be: a program that answers all requests 200 over UDP, and may die of
 * one.
 *
 *     int main(int argc, char **argv)
 *     {
 *         if (dying_is_asked(argc, argv))
 *             return dying_main(argv);
 *
 * and in sipwright.lua start = { dying, 'dying', port }, `dying` being the test's own path.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

enum { DYING_STATUS = 7 };

bool dying_is_asked(int argc, char **argv);
/* MESSAGE: it ends, unanswered, with DYING_STATUS. INFO: it answers, and nothing from then on. */
int dying_main(char **argv);
/* One that no target starts; the test ends it by dying_stop. */
pid_t dying_start(unsigned port);
void dying_stop(pid_t pid);
/* A socket of TCP that takes connections, and nothing from them; to be closed. */
int dying_silent_start(unsigned port);
