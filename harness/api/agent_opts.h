/* The options of t:agent: from a script's table to the harness's struct.
 *
 *     struct agent_options options;
 *     agent_opts_read(&opts, &options, codecs);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/api/opts.h"

extern const char *const agent_names[], *const wire_names[];

void party_opts_read(const struct opts *opts, struct party_options *out);
/* codecs: room for AGENT_CODECS_MAX views. */
void agent_opts_read(const struct opts *opts, struct agent_options *out, struct view *codecs);
uint32_t manual_read(const struct opts *opts); /* manual = {"BYE", …}: enum sip_manual */
void automatic_read(lua_State *L, int index, struct automatic *out); /* {ring =, answer =, …} */
/* How to say in `manual` that the script answers this request: "reINVITE" for one in a call. */
struct view manual_name(enum sip_method method, const struct mail *mail);
