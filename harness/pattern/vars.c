#include "harness/pattern/vars.h"

struct binding {
    struct view name, value; /* in one block, name.ptr is its begin */
};

struct vars {
    struct binding *bindings; /* in the order in which they were bound */
    uint32_t count, size;
};

enum err vars_create(struct vars **out)
{
    struct vars *vars = mem_zalloc(sizeof *vars);
    if (vars == NULL)
        return ERR_MEMORY;
    *out = vars;
    return ERR_OK;
}

void vars_destroy(struct vars *vars)
{
    if (vars == NULL)
        return;
    vars_reset(vars, 0);
    mem_free(vars->bindings);
    mem_free(vars);
}

size_t vars_mark(const struct vars *vars)
{
    return vars->count;
}

void vars_reset(struct vars *vars, size_t mark)
{
    while (vars->count > mark)
        mem_free((char *)vars->bindings[--vars->count].name.ptr);
}

const struct view *vars_find(const struct vars *vars, struct view name)
{
    for (size_t i = 0; i < vars->count; i++)
        if (view_equal(vars->bindings[i].name, name))
            return &vars->bindings[i].value;
    return NULL;
}

static enum err vars_grow(struct vars *vars)
{
    if (vars->count >= VARS_MAX)
        return ERR_LIMIT;
    struct binding *grown = mem_room(vars->bindings, sizeof *grown, vars->count, &vars->size, 8);
    if (grown == NULL)
        return ERR_MEMORY;
    vars->bindings = grown;
    return ERR_OK;
}

enum err vars_bind(struct vars *vars, struct view name, struct view value)
{
    enum err err = vars_grow(vars);
    if (err != ERR_OK)
        return err;
    char *block = mem_alloc(name.len + value.len);
    if (block == NULL)
        return ERR_MEMORY;
    if (name.len != 0)
        memcpy(block, name.ptr, name.len);
    if (value.len != 0)
        memcpy(block + name.len, value.ptr, value.len);
    vars->bindings[vars->count++] = (struct binding){
        {block,            name.len },
        {block + name.len, value.len}
    };
    return ERR_OK;
}
