#include "harness/watch/watch_part.h"

#include "harness/watch/observer.h"

static enum err create(struct scene *scene)
{
    return observer_create(scene, &scene->observer);
}

static void destroy(struct scene *scene)
{
    observer_destroy(scene->observer);
    scene->observer = NULL;
}

static void seen(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg)
{
    observer_seen(scene->observer, event, bytes, msg);
}

static void flow(struct scene *scene, uint32_t party, const struct flow_news *news)
{
    observer_flow(scene->observer, party, news);
}

static void settled(struct scene *scene)
{
    observer_settled(scene->observer);
}

static void over(struct scene *scene)
{
    observer_end(scene->observer);
}

const struct scene_part watch_part = {.name = "watch",
                                      .create = create,
                                      .destroy = destroy,
                                      .seen = seen,
                                      .flow = flow,
                                      .settled = settled,
                                      .over = over};
