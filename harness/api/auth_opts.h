/* auth = { user =, password =, realm = }, or a list of such; false: challenges are the script's.
 *
 *     out->account_count = accounts_read(&opts, accounts, &answers);
 *     auth_read(&opts, agent, &options);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/api/opts.h"

enum { ACCOUNTS_MAX = 16 };

/* Of an agent: how many; its views last as long as the script's table. user: who it is where the
 * option does not say. */
size_t accounts_read(const struct opts *opts, struct view user, struct sip_account *out);
/* Of one request: options.again and options.account, where the option is given. */
void auth_read(const struct opts *opts, struct agent *agent, struct sip_request_options *out);
