/* Renderings of the trace. */
#pragma once
#include "reports/report.h" /* a run, its cases, and the writers */
