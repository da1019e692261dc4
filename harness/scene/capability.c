#include "harness/scene/capability.h"

#include "harness/lua/handle.h"

/* Roles, transports and option tags (the IANA registry "SIP Option Tags"), and what a target does;
 * digest: as a client it proves who it is, as a server it asks others to. Methods that have no
 * option tag go by their own names. */
static const char *const capabilities[] = {"uas",
                                           "uac",
                                           "registrar",
                                           "proxy",
                                           "redirect",
                                           "stateless",
                                           "udp",
                                           "tcp",
                                           "tls",
                                           "ws",
                                           "wss",
                                           "ipv4",
                                           "ipv6",
                                           "auto_answer",
                                           "digest",
                                           "update",
                                           "refer",
                                           "message",
                                           "info",
                                           "100rel",
                                           "199",
                                           "answermode",
                                           "early-session",
                                           "eventlist",
                                           "explicitsub",
                                           "from-change",
                                           "geolocation-http",
                                           "geolocation-sip",
                                           "gin",
                                           "gruu",
                                           "histinfo",
                                           "ice",
                                           "join",
                                           "multiple-refer",
                                           "norefersub",
                                           "nosub",
                                           "outbound",
                                           "path",
                                           "policy",
                                           "precondition",
                                           "pref",
                                           "privacy",
                                           "recipient-list-invite",
                                           "recipient-list-message",
                                           "recipient-list-subscribe",
                                           "record-aware",
                                           "replaces",
                                           "resource-priority",
                                           "sdp-anat",
                                           "sec-agree",
                                           "siprec",
                                           "tdialog",
                                           "timer",
                                           "trickle-ice",
                                           "uui",
                                           NULL};

uint64_t capability_calls(struct view name)
{
    uint64_t calls = 0;

    return view_starts(name, V("calls:")) &&
                   view_to_uint(view_skip(name, V("calls:").len), UINT32_MAX, &calls)
               ? calls
               : 0;
}

struct view capability_event(struct view name)
{
    return view_starts(name, V("event:")) ? view_skip(name, V("event:").len) : (struct view){0};
}

bool capability_known(struct view name)
{
    if (view_starts(name, V("calls:")))
        return capability_calls(name) > 0;
    if (view_starts(name, V("trigger:")))
        return name.len > V("trigger:").len;
    if (view_starts(name, V("event:")))
        return capability_event(name).len > 0;
    for (size_t i = 0; capabilities[i] != NULL; i++)
        if (view_equal(view_of(capabilities[i]), name))
            return true;
    return false;
}

const char *capability_near(const char *name)
{
    return suggest(name, capabilities);
}
