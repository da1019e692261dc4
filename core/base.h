/* What every layer stands on, and all that reports/ may know of core. */
#pragma once
#include "core/base/view.h"        /* borrowed bytes */
#include "core/base/err.h"         /* what the world can refuse; ASSERT */
#include "core/base/alloc.h"       /* the seam of every allocation */
#include "core/base/blob.h"        /* shared bytes */
#include "core/base/arena.h"       /* memory that dies together */
#include "core/base/buf.h"         /* growing bytes to write into */
#include "core/base/calendar.h"    /* days and dates */
#include "core/base/moment.h"      /* instants in a total order; handles */
#include "core/base/table.h"       /* objects by handle */
#include "core/base/heap.h"        /* timers */
#include "core/base/rng.h"         /* draws without state */
#include "core/base/tape.h"        /* the network's decisions */
#include "core/base/addr.h"        /* IP addresses, transports */
#include "core/base/secrets.h"     /* what must never be written */
#include "core/base/trace.h"       /* the list of all that happened */
#include "core/base/trace_codec.h" /* its binary form */
#include "core/base/trace_field.h" /* what an event consists of, as data */
