/* Renderings of the trace. */
#pragma once
#include "reports/coverage.h" /* a catalogue of requirements as a page */
#include "reports/github.h"   /* a run for GitHub */
#include "reports/report.h"   /* a run, its cases, and the writers */
#include "reports/writer.h"   /* files that are there whole or not at all */
#include "reports/text.h"     /* text for eyes, whatever it came from */
