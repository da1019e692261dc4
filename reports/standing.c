#include "reports/standing.h"

const char *standing_text(enum standing standing)
{
    static const char *const texts[] = {
        [STANDING_PLAIN] = "",
        [STANDING_NEW] = "new",
        [STANDING_EXPIRED] = "expired",
        [STANDING_VANISHED] = "vanished",
        [STANDING_KNOWN] = "known",
        [STANDING_QUARANTINED] = "quarantined",
        [STANDING_ADVISORY] = "advisory",
        [STANDING_FIXED] = "fixed",
        [STANDING_EXPECTED] = "expected",
    };
    return texts[standing];
}

bool report_green(const struct report_case *one)
{
    return !one->flaky && (one->verdict == VERDICT_PASS || one->verdict == VERDICT_SKIP);
}

static bool excuses(enum standing standing)
{
    return standing == STANDING_KNOWN || standing == STANDING_QUARANTINED ||
           standing == STANDING_ADVISORY;
}

bool report_excused(const struct report_case *one)
{
    return !report_green(one) && excuses(one->standing);
}

bool report_gates(const struct report_case *one)
{
    return one->standing == STANDING_VANISHED || (!report_green(one) && !excuses(one->standing));
}

const char *standing_words(const struct report_case *one)
{
    static const char *const words[] = {
        [STANDING_NEW] = "new failure",
        [STANDING_EXPIRED] = "no longer excused",
        [STANDING_VANISHED] = "vanished",
        [STANDING_KNOWN] = "known failure",
        [STANDING_QUARANTINED] = "quarantined",
        [STANDING_ADVISORY] = "advisory",
        [STANDING_FIXED] = "fixed",
        [STANDING_EXPECTED] = "expected failure",
    };
    if (one->standing == STANDING_PLAIN)
        return one->flaky ? "flaky" : verdict_text(one->verdict);
    return words[one->standing];
}

void standing_sentence(struct buf *out, const struct report_case *one)
{
    buf_add(out, view_of(standing_words(one)));
    buf_add(out, one->known.len > 0 ? V(" (") : V(""));
    buf_add(out, one->known);
    buf_add(out, one->known.len > 0 ? V(")") : V(""));
    buf_add(out, one->reason.len > 0 ? V(": ") : V(""));
    buf_add(out, one->reason);
}
