/* Arrival times of the kernel. It begins to take them some time after the first socket on the
 * machine asks for them, and until then gives the time of reading; so one socket asks early, and
 * for long.
 *
 *     stamp_begin();
 *     bool there = stamp_read(&header, &stamp_ns);
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Opens that socket, once in the life of the process, and waits, not long, for its first true time.
 */
void stamp_begin(void);
/* Of the wall clock, from a message's control data. */
bool stamp_read(struct msghdr *header, uint64_t *out_ns);
/* Copies a control message's data; false: there is none. */
bool control_read(struct msghdr *header, int level, int type, void *out, size_t len);
