#include "harness/gate/last_run_parts.h"
#include "harness/run/sort.h"

#include <jansson.h>

bool last_run_path(char *room, struct view root)
{
    int len = snprintf(room, LAST_RUN_PATH, "%.*s/.sipwright/last-run.json", VIEW_ARG(root));

    return len > 0 && len < LAST_RUN_PATH;
}

bool last_run_before(const void *a, const void *b)
{
    return view_compare(*(const struct view *)a, *(const struct view *)b) < 0;
}

enum err last_run_add(struct last_run *last, struct view id)
{
    struct view *copy = arena_alloc(&last->arena, sizeof *copy);

    if (copy == NULL)
        return ERR_MEMORY;
    *copy = arena_copy(&last->arena, id);
    last->ids[last->count++] = copy;
    return copy->ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err ids_take(struct last_run *out, const json_t *ids)
{
    size_t count = json_array_size(ids);
    enum err err = ERR_OK;

    out->ids = mem_zalloc((count + 1) * sizeof *out->ids);
    if (out->ids == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        const json_t *id = json_array_get(ids, i);
        err = !json_is_string(id)
                  ? ERR_SYNTAX
                  : last_run_add(out, (struct view){json_string_value(id), json_string_length(id)});
    }
    return err != ERR_OK ? err : sort_pointers(out->ids, out->count, last_run_before);
}

enum err last_run_read(struct view root, struct last_run *out, struct buf *complaint)
{
    char path[LAST_RUN_PATH];
    json_error_t error;
    FILE *file = last_run_path(path, root) ? fopen(path, "rbe") : NULL;

    if (file == NULL)
        return ERR_OK;
    json_t *object = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    const json_t *ids = json_object_get(object, "failed");
    bool right = json_integer_value(json_object_get(object, "v")) == 1 && json_is_array(ids);
    enum err err = right ? ids_take(out, ids) : ERR_SYNTAX;
    json_decref(object);
    fclose(file);
    out->known = true;
    if (err == ERR_SYNTAX)
        buf_printf(complaint, "%s does not say what failed last; remove it and run the suite",
                   path);
    return err;
}

static struct view id_of(const void *failed)
{
    return *(const struct view *)failed;
}

bool last_run_failed(const struct last_run *last, struct view id)
{
    return sorted_find(last->ids, last->count, id, id_of) != NULL;
}

void last_run_deinit(struct last_run *last)
{
    mem_free(last->ids);
    arena_deinit(&last->arena);
    *last = (struct last_run){0};
}
