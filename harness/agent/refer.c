#include "harness/agent/refer.h"

#include <stdio.h>

/* Only the status line: RFC 3515 §5.2 warns of telling more. */
static struct view status_line(const struct sip_msg *msg, char *room, size_t size)
{
    struct view reason = sip_msg_reason(msg);
    int len = snprintf(room, size, "SIP/2.0 %u %.*s\r\n", sip_msg_status(msg),
                       VIEW_ARG(view_head(reason, 80)));

    return (struct view){room, (size_t)len};
}

void refer_progress(struct request *request, struct sip_msg *msg)
{
    struct agents *agents = request->agent->party.agents;
    struct subscription *sub = agents_subscription(agents, request->follows);
    uint16_t status = sip_msg_status(msg);
    char room[128];
    struct request *notify;

    if (sub == NULL || sub->state == SIP_SUB_TERMINATED)
        return;
    struct sip_notify_options options = {
        .request = {.body = status_line(msg, room, sizeof room),
                    .content_type = V("message/sipfrag;version=2.0"),
                    .again = request->agent->stack.again},
        .state = SIP_SUB_ACTIVE
    };
    if (status >= 200) { /* RFC 3515 §2.4.7 */
        options.state = SIP_SUB_TERMINATED;
        options.reason = V("noresource");
    }
    enum err err = subscription_notify(sub, &options, &notify);
    if (err == ERR_MEMORY || err == ERR_LIMIT)
        agents_broke(agents,
                     err); /* else it was not accepted, or is over: nobody is there to tell */
}
