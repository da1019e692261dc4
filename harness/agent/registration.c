#include "harness/agent/registration.h"

#include "harness/agent/agents.h"

static struct registration *of_stack(const struct agent *agent, struct handle stack)
{
    return table_find(&agent->party.agents->registrations, map_get(&agent->registrations, stack));
}

static enum err create(struct agent *agent, struct handle stack, struct registration **out)
{
    struct registration *registration = mem_zalloc(sizeof *registration);

    if (registration == NULL)
        return ERR_MEMORY;
    registration->agent = agent;
    registration->stack = stack;
    registration->number = ++agent->party.agents->registration_count;
    enum err err =
        table_add(&agent->party.agents->registrations, registration, &registration->handle);
    if (err != ERR_OK) {
        mem_free(registration);
        return err;
    }
    *out = registration; /* the table's from here on */
    return map_put(&agent->registrations, stack, registration->handle);
}

static enum err record(struct registration *registration, struct handle handle,
                       struct request **out)
{
    struct request *request = request_create(registration->agent, SIP_REGISTER, handle);

    if (request == NULL)
        return ERR_MEMORY;
    request->script = true;
    registration->request = request->handle;
    agent_touch(registration->agent);
    *out = request;
    return ERR_OK;
}

enum err registration_begin(struct agent *agent, const struct sip_register_options *options,
                            struct registration **out)
{
    struct sip_stack *stack = agent_stack(agent);
    struct sip_register_options routed = *options;
    struct handle handle, stack_reg;
    struct request *request;

    if (stack == NULL)
        return ERR_STATE;
    if (agent->stack.outbound.ptr != NULL)
        routed.request.remote = (struct addr){0}; /* the proxy knows the way; RFC 3608 §6.1: no
                                                     service route is for REGISTER */
    enum err err =
        sip_register(stack, scene_now(agent->party.agents->scene), &routed, &handle, &stack_reg);
    if (err == ERR_OK)
        err = create(agent, stack_reg, out);
    return err != ERR_OK ? err : record(*out, handle, &request);
}

enum err registration_again(struct registration *registration, uint32_t expires_s,
                            struct request **out)
{
    struct agent *agent = registration->agent;
    struct sip_stack *stack = agent_stack(agent);
    struct handle handle;

    if (stack == NULL || registration->lost)
        return ERR_GONE;
    enum err err = sip_register_again(stack, scene_now(agent->party.agents->scene),
                                      registration->stack, expires_s, &handle);
    return err != ERR_OK ? err : record(registration, handle, out);
}

enum err registration_info(const struct registration *registration, struct sip_reg_info *out)
{
    struct sip_stack *stack = agent_stack(registration->agent);

    if (stack == NULL || registration->lost)
        return ERR_GONE;
    return sip_reg_info(stack, registration->stack, out);
}

void registration_forget(struct registration *registration)
{
    struct agent *agent = registration->agent;

    if (!registration->lost)
        map_remove(&agent->registrations, registration->stack);
    table_remove(&agent->party.agents->registrations, registration->handle);
    blob_unref(registration->response);
    mem_free(registration);
}

bool registration_is_over(const struct registration *registration)
{
    struct sip_reg_info info;

    if (registration_info(registration, &info) != ERR_OK)
        return true;
    return !info.busy && (info.fetches || info.state >= SIP_REG_FAILED);
}

void registration_drop(struct registration *registration)
{
    struct sip_stack *stack = agent_stack(registration->agent);

    if (stack != NULL && !registration->lost)
        sip_register_drop(stack, registration->stack);
    registration_forget(registration);
}

void registration_used(struct registration *registration)
{
    struct agents *agents = registration->agent->party.agents;

    for (struct mail *m = agents->refusals.first; m != NULL; m = m->next[MAIL_REFUSALS])
        if (handle_equal(m->object, registration->request))
            m->used = true;
}

static void wake(struct registration *registration)
{
    struct agent *agent = registration->agent;

    sched_wake(agent->party.agents->scene->sched, &registration->waiters);
    if (agent->plays)
        sched_wake(agent->party.agents->scene->sched, &agent->changed);
}

void registration_answered(struct agent *agent, const struct tell *tell)
{
    struct registration *registration = of_stack(agent, tell->reg);

    if (registration == NULL || tell->again || sip_msg_status(tell->msg) < 200)
        return;
    blob_unref(registration->response);
    registration->response = blob_ref(sip_msg_blob(tell->msg));
    registration->generated = tell->generated;
    registration->answered_us = scene_now(agent->party.agents->scene);
    wake(registration); /* a refresh moves no state, and who waited for it may ask now */
}

void registration_moved(struct agent *agent, const struct tell *tell)
{
    struct registration *registration = of_stack(agent, tell->reg);

    if (registration == NULL)
        return;
    registration->state = (uint8_t)tell->state;
    wake(registration);
}

void registrations_lost(struct agent *agent)
{
    struct table *table = &agent->party.agents->registrations;
    struct registration *registration;

    map_clear(&agent->registrations);
    for (uint32_t at = 0; (registration = table_next(table, &at, NULL)) != NULL;) {
        if (registration->agent != agent)
            continue;
        registration->lost = true;
        wake(registration);
    }
}

/* False: there is nothing to be done any more. */
static bool tidy(struct registration *registration)
{
    struct sip_reg_info info;
    struct request *request;

    if (registration_info(registration, &info) != ERR_OK)
        return false;
    if (info.busy)
        return true;
    if (registration->tidied || info.fetches || info.state != SIP_REG_REGISTERED)
        return false;
    registration->tidied = true;
    return registration_again(registration, 0, &request) == ERR_OK;
}

struct registration *registrations_tidy(struct agents *agents, const struct agent *agent)
{
    struct registration *registration, *first = NULL;

    for (uint32_t at = 0; (registration = table_next(&agents->registrations, &at, NULL)) != NULL;)
        if ((agent == NULL || registration->agent == agent) && tidy(registration) && first == NULL)
            first = registration;
    return first;
}
