/* What the RFC of an event package makes its usual body. */
#pragma once
#include "core/core.h"

struct view event_type(struct view event); /* text/plain, where we know of none */
