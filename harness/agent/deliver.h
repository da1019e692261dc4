/* What is told becomes a mail, and goes into an inbox: for those who make records of it. */
#pragma once
#include "harness/agent/agents.h"

/* NULL: agents_broke was told. */
struct mail *mail_of_tell(struct agent *agent, const struct tell *tell, const struct call *call);
void deliver(struct agent *agent, struct inbox *inbox, struct mail *mail);
