/* What an area of the harness adds to every scenario without the scenario core knowing it: globals,
 * methods and fields of t, what the world tells, what is judged at the end, the tidy-up.
 *
 *     static const luaL_Reg t_methods[] = {{"agent", t_agent}, {NULL, NULL}};
 *     const struct scene_part agent_part = {.name = "agent", .t_methods = t_methods,
 *                                           .create = agents_create, .tell = agents_tell};
 *
 * The runner hands a NULL-terminated list of them to suite_load; each is asked in the list's order.
 */
#pragma once
#include "core/core.h"
#include "harness/scene/scene.h"

#include <lauxlib.h>
#include <lua.h>

struct scene_field { /* of t, as t.net; the list ends with a NULL name */
    const char *name;
    int (*push)(lua_State *L, struct scene *scene); /* pushes one value and gives 1 */
};

struct scene_part {
    const char *name;
    /* Globals (by lua_setglobal) and metatables of a fresh state: before the file's top level runs,
     * also when it is only listed and there is no scene. Protected: may raise. */
    void (*open)(lua_State *L);
    /* The part's records of one scenario; lua, sched, world and trace stand. Protected: may raise.
     */
    enum err (*create)(struct scene *scene);
    void (*destroy)(struct scene *scene); /* create may have failed half-way, or never have run */

    const luaL_Reg *t_methods;          /* t:name(…): t is argument 1 */
    const struct scene_field *t_fields; /* t.name */

    /* As in struct world_user. Every part that has tell, packet or seen gets it; hooks and judge
     * are asked of the first part that has them. */
    void (*tell)(struct scene *scene, uint32_t party, const struct tell *tell);
    void (*packet)(struct scene *scene, uint32_t party, const struct packet *packet);
    void (*flow)(struct scene *scene, uint32_t party, const struct flow_news *news);
    void (*seen)(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg);
    enum trace_fate (*hook_out)(struct scene *scene, uint32_t party, struct sip_msg *msg,
                                uint64_t copy_key, struct blob **bytes);
    enum trace_fate (*hook_in)(struct scene *scene, uint32_t from, uint32_t party,
                               struct sip_msg *msg, struct blob **bytes);
    struct fate (*judge)(struct scene *scene, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes);

    /* What it does by itself at an instant (canned behaviours); NULL: nothing. */
    struct moment (*deadline)(const struct scene *scene);
    bool (*expire)(struct scene *scene,
                   uint64_t now_us); /* what is due; true: something was done */

    /* The function has returned and nothing failed: what is left over (scene_record). Then all that
     * is under way arrives, and settled is asked. Neither may wait. */
    void (*returned)(struct scene *scene);
    /* On a real network: whether nothing that may still come could change the verdict, so that the
     * end need not be waited for. NULL: so it is. */
    bool (*at_rest)(const struct scene *scene);
    void (*settled)(struct scene *scene);
    /* The scenario is over, however it went: what comes after this is the tidy-up's. May not wait.
     */
    void (*over)(struct scene *scene);
    /* After the cleanups, as a task: may wait. What fails in it is no failure of the scenario, an
     * error is an ERROR. */
    lua_CFunction tidy;

    /* expect(value):is(pattern): whether it is; says in `out` what it is instead. Raises a misuse
     * for a value that is no message, before it writes. Of the first part that has it. */
    bool (*is)(lua_State *L, int value, int pattern, struct buf *out);
};
