/* Who follows a REFER tells the one who sent it what becomes of the request: RFC 3515 §2.4.4.
 *
 *     request->follows = sub->handle;
 *     refer_progress(request, msg);
 */
#pragma once
#include "harness/agent/agents.h"

/* A response has come for a request that follows a REFER, or is made up (408, 503). */
void refer_progress(struct request *request, struct sip_msg *msg);
