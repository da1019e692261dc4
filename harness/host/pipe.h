/* Bytes over a file descriptor, whole or not at all. */
#pragma once
#include "core/core.h"

bool pipe_open(int pair[2]); /* no program that is started inherits it; false: errno says why */
bool pipe_write(int fd, struct view bytes);     /* false: the other end is gone */
bool pipe_read(int fd, char *room, size_t len); /* false: it ended before that many */
