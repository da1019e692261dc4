#include "core/message/msg_private.h"

#include <string.h>

enum { FAULTS_FIRST = 4, FAULTS_MAX = 256 };

static const struct sip_fault lost = {"memory", "", 0, true};

static bool is_fatal(enum sip_rule rule, enum sip_header_id id)
{
    enum sip_gravity gravity = sip_rules[rule].gravity;
    return gravity == SIP_GRAVITY_FATAL || (gravity == SIP_GRAVITY_HEADER && sip_header_grave(id));
}

/* A message that breaks every rule has room for the first ones; a fatal one more is never lost. */
static struct sip_fault *fault_place(struct sip_msg *msg)
{
    if (msg->fault_count < msg->fault_size)
        return &msg->faults[msg->fault_count++];
    if (msg->fault_size >= FAULTS_MAX)
        return NULL;
    struct sip_fault *faults = arena_room(&msg->arena, msg->faults, sizeof *faults,
                                          msg->fault_count, &msg->fault_size, FAULTS_FIRST);
    if (faults == NULL) {
        msg->lost = true;
        return NULL;
    }
    msg->faults = faults;
    return &faults[msg->fault_count++];
}

void sip_msg_add_fault(struct sip_msg *msg, enum sip_rule rule, enum sip_header_id id,
                       const char *at)
{
    bool fatal = is_fatal(rule, id);
    struct sip_fault *fault = fault_place(msg);
    if (fault == NULL && fatal && msg->fault_count == FAULTS_MAX && sip_msg_fatal(msg) == NULL)
        fault = &msg->faults[FAULTS_MAX - 1];
    if (fault == NULL)
        return;
    const char *section = sip_rules[rule].section;
    *fault = (struct sip_fault){
        .rule = sip_rules[rule].name,
        .section = section != NULL ? section : sip_header_rfc(id),
        .offset = (uint32_t)(at - msg->blob->data),
        .fatal = fatal,
    };
}

void sip_msg_bare_line_end(struct sip_msg *msg, const char *at)
{
    if (!msg->bare_line_end)
        sip_msg_add_fault(msg, SIP_RULE_LINE_END, SIP_HEADER_OTHER, at);
    msg->bare_line_end = true;
}

size_t sip_msg_fault_count(const struct sip_msg *msg)
{
    return msg->fault_count + (msg->lost ? 1 : 0);
}

const struct sip_fault *sip_msg_fault(const struct sip_msg *msg, size_t index)
{
    if (index < msg->fault_count)
        return &msg->faults[index];
    return msg->lost && index == msg->fault_count ? &lost : NULL;
}

const struct sip_fault *sip_msg_fatal(const struct sip_msg *msg)
{
    for (uint32_t i = 0; i < msg->fault_count; i++)
        if (msg->faults[i].fatal)
            return &msg->faults[i];
    return msg->lost ? &lost : NULL;
}

void sip_msg_lose(struct sip_msg *msg)
{
    msg->lost = true;
}

bool sip_msg_is_whole(const struct sip_msg *msg)
{
    return !msg->lost;
}
