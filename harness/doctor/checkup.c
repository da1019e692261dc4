#include "harness/doctor/checkup.h"

#include <stdarg.h>
#include <stdio.h>

static void add(struct buf *out, const char *format, va_list args)
{
    char text[400];

    vsnprintf(text, sizeof text, format, args);
    buf_add(out, view_of(text));
}

void symptom_say(struct symptom *symptom, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(&symptom->said, format, args);
    va_end(args);
}

void symptom_poor(struct symptom *symptom, const char *mend, ...)
{
    va_list args;

    if (symptom->health == HEALTH_GOOD)
        symptom->health = HEALTH_POOR;
    va_start(args, mend);
    add(&symptom->mend, mend, args);
    va_end(args);
}

void symptom_bad(struct symptom *symptom, const char *mend, ...)
{
    va_list args;

    symptom->health = HEALTH_BAD;
    va_start(args, mend);
    add(&symptom->mend, mend, args);
    va_end(args);
}

void symptom_deinit(struct symptom *symptom)
{
    buf_deinit(&symptom->said);
    buf_deinit(&symptom->mend);
}
