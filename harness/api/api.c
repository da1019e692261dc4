#include "harness/api/api.h"

#include "harness/agent/background.h"
#include "harness/api/draft.h"
#include "harness/api/endcheck.h"
#include "harness/api/field_value.h"
#include "harness/api/flow_api.h"
#include "harness/api/hooks.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/mutant_api.h"
#include "harness/api/net_api.h"
#include "harness/api/proxy_api.h"
#include "harness/api/sip_api.h"
#include "harness/api/sweep.h"
#include "harness/api/target_view.h"
#include "harness/api/test_api.h"
#include "harness/api/tidy_task.h"
#include "harness/api/want.h"
#include "harness/api/watch.h"
#include "harness/api/wire_request.h"

static void api_open(lua_State *L)
{
    message_open(L);
    field_value_open(L);
    want_open(L);
    draft_open(L);
    flow_open(L);
    dialog_open(L);
    sip_open(L);
    wire_request_open(L);
    mutant_open(L);
}

static enum err api_create(struct scene *scene)
{
    enum err err = vars_create(&scene->vars);

    if (err == ERR_OK)
        err = log_create(&scene->log);
    if (err == ERR_OK)
        err = agents_create(scene, &scene->agents);
    if (err == ERR_OK && (scene->agents->watches = mem_zalloc(sizeof(struct watches))) == NULL)
        err = ERR_MEMORY;
    if (err == ERR_OK)
        err = faults_create(&scene->faults);
    if (err != ERR_OK)
        return err;
    kinds_open(scene);
    return target_party_add(scene);
}

static void api_destroy(struct scene *scene)
{
    if (scene->agents != NULL)
        watches_destroy(scene->agents);
    faults_destroy(scene->faults);
    agents_destroy(scene->agents);
    log_destroy(scene->log);
    vars_destroy(scene->vars);
    scene->faults = NULL;
    scene->agents = NULL;
    scene->log = NULL;
    scene->vars = NULL;
}

static void api_tell(struct scene *scene, uint32_t party, const struct tell *tell)
{
    agents_tell(scene->agents, party, tell);
}

static void api_flow(struct scene *scene, uint32_t party, const struct flow_news *news)
{
    agents_flow(scene->agents, party, news);
}

static void api_packet(struct scene *scene, uint32_t party, const struct packet *packet)
{
    agents_packet(scene->agents, party, packet);
}

static void api_seen(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                     struct sip_msg *msg)
{
    (void)msg; /* a script that wants it has it parsed by its own name */
    bool background = background_seen(scene->agents, event, bytes);

    if (!background)
        agents_seen(scene->agents, event, bytes);
    if (log_seen(scene->log, event, bytes) != ERR_OK)
        agents_broke(scene->agents, ERR_MEMORY);
    if (background)
        log_hide(scene->log, event->seq);
    sched_wake(scene->sched, log_waiters(scene->log));
    if (event->u.wire.side == SIDE_OUT)
        sweep_due(scene);
}

static struct moment api_deadline(const struct scene *scene)
{
    struct moment next = agents_deadline(scene->agents);
    struct moment owed = background_deadline(scene->agents);

    return moment_before(owed, next) ? owed : next;
}

static bool api_expire(struct scene *scene, uint64_t now_us)
{
    bool answered = background_answer(scene->agents);

    return agents_expire(scene->agents, now_us) || answered;
}

static bool api_at_rest(const struct scene *scene)
{
    return watches_at_rest(scene->agents, scene->log);
}

static void api_settled(struct scene *scene)
{
    flow_settled(scene);
    endcheck(scene);
}

static bool api_is(lua_State *L, int value, int pattern, struct buf *out)
{
    return message_is_pattern(L, value, pattern, out);
}

static const luaL_Reg t_methods[] = {
    {"agent",     t_agent    },
    {"agents",    t_agents   },
    {"registrar", t_registrar},
    {"proxy",     t_proxy    },
    {"redirect",  t_redirect },
    {"device",    t_device   },
    {"wire",      t_wire     },
    {"flow",      t_flow     },
    {"mark",      t_mark     },
    {"messages",  t_messages },
    {NULL,        NULL       }
};
static const struct scene_field t_fields[] = {
    {"dut", t_dut_push},
    {"net", t_net_push},
    {NULL,  NULL      }
};

const struct scene_part api_part = {.name = "sip",
                                    .open = api_open,
                                    .create = api_create,
                                    .destroy = api_destroy,
                                    .t_methods = t_methods,
                                    .t_fields = t_fields,
                                    .tell = api_tell,
                                    .packet = api_packet,
                                    .flow = api_flow,
                                    .seen = api_seen,
                                    .hook_out = hooks_out,
                                    .hook_in = hooks_in,
                                    .judge = faults_judge,
                                    .deadline = api_deadline,
                                    .expire = api_expire,
                                    .at_rest = api_at_rest,
                                    .settled = api_settled,
                                    .tidy = tidy_run,
                                    .is = api_is};
