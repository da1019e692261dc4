#include "harness/api/faults.h"

#include "harness/api/kinds.h"
#include "harness/api/pace.h"
#include "harness/api/pattern_line.h"

#include <stdio.h>

enum err faults_create(struct faults **out)
{
    *out = mem_zalloc(sizeof **out);
    return *out == NULL ? ERR_MEMORY : ERR_OK;
}

void faults_destroy(struct faults *faults)
{
    if (faults == NULL)
        return;
    for (struct fault *fault = faults->first, *next; fault != NULL; fault = next) {
        next = fault->next;
        arena_deinit(&fault->arena);
        mem_free(fault);
    }
    table_deinit(&faults->table);
    mem_free(faults);
}

struct fault *fault_create(struct faults *faults)
{
    struct fault *fault = mem_zalloc(sizeof *fault);

    if (fault == NULL)
        return NULL;
    if (table_add(&faults->table, fault, &fault->handle) != ERR_OK) {
        mem_free(fault);
        return NULL;
    }
    if (faults->last == NULL)
        faults->first = fault;
    else
        faults->last->next = fault;
    faults->last = fault;
    return fault;
}

struct corrupting {
    int function;
    struct blob *bytes; /* before; borrowed */
    struct blob *after; /* one reference */
};

/* Argument: the corrupting. Runs in protected mode. */
static int corrupt_run(lua_State *L)
{
    struct corrupting *c = lua_touserdata(L, 1);
    struct view text;

    lua_rawgeti(L, LUA_REGISTRYINDEX, c->function);
    view_push(L, blob_view(c->bytes));
    if (sched_call_now(scene_of(L)->sched, L, 1, 1) != LUA_OK)
        return lua_error(L);
    if (lua_type(L, -1) != LUA_TSTRING)
        return luaL_error(L, "its function gives the bytes, not %s", handle_type_text(L, -1));
    text.ptr = lua_tolstring(L, -1, &text.len);
    c->after = blob_create(text);
    return c->after == NULL ? luaL_error(L, "not enough memory") : 0;
}

static void corrupt_failed(struct scene *scene, const struct fault *fault)
{
    char what[200];

    snprintf(what, sizeof what, "corrupt(\"%.*s\")", VIEW_ARG(fault->text));
    scene_error(scene, scene->lua, what);
}

static struct blob *corrupted(struct scene *scene, const struct fault *fault, struct blob *bytes)
{
    lua_State *L = scene->lua;
    struct corrupting c = {.function = fault->function, .bytes = bytes};

    if (!lua_checkstack(L, 8))
        return NULL;
    lua_pushcfunction(L, corrupt_run);
    lua_pushlightuserdata(L, &c);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        corrupt_failed(scene, fault);
    return c.after;
}

static struct fate act(struct scene *scene, struct fault *fault, struct blob *bytes)
{
    fault->hits++;
    if (fault->times != UINT64_MAX)
        fault->left--;
    switch (fault->kind) {
    case FAULT_DROP:
        return (struct fate){.drop = true, .why = V("t.net:drop")};
    case FAULT_DELAY:
        return (struct fate){.delay_us = fault->delay_us, .why = V("t.net:delay")};
    case FAULT_DUPLICATE:
        return (struct fate){.copies = 1, .why = V("t.net:duplicate")};
    case FAULT_CORRUPT:
        return (struct fate){.bytes = corrupted(scene, fault, bytes), .why = V("t.net:corrupt")};
    }
    return (struct fate){0};
}

struct fate faults_judge(struct scene *scene, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes)
{
    for (struct fault *fault = scene->agents->tidying ? NULL : scene->faults->first; fault != NULL;
         fault = fault->next)
        if (fault->left > 0 && line_fits(scene, &fault->line, from, to, msg))
            return act(scene, fault, bytes);
    return pace_judge(scene, from, to, msg);
}
