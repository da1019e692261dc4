/* Any bytes as a datagram for a proxy, then responses to what it forwards, a copy, and all its
 * timers: in the end nothing is left of it. */
#include "core/role/proxy_fixture.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ANSWERED_MAX = 16 };

static void open_desk(struct desk *desk, uint8_t choice)
{
    static const struct proxy_target targets[] = {
        {{"sip:x@192.0.2.2", 15}, 1000},
        {{"sip:x@192.0.2.3", 15}, 500 },
    };
    static const struct proxy_route routes[] = {
        {{"user", 4},          targets, 2},
        {{"@example.com", 12}, targets, 2}
    };
    desk_open(desk, &(struct proxy_options){.mode = (enum proxy_mode)(choice % 3),
                                            .fork = (enum proxy_fork)(choice / 3 % 3),
                                            .recurse = (choice & 16) != 0,
                                            .record_route = (choice & 32) != 0,
                                            .routes = routes,
                                            .route_count = 2});
}

static void answer(struct desk *desk, size_t index, uint16_t status)
{
    char room[32];
    snprintf(room, sizeof room, "SIP/2.0 %u x", (unsigned)status);
    if (!view_starts(blob_view(desk->sent[index]), V("SIP/")))
        desk_answer(desk, desk->sent[index], view_of(room));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct desk desk;
    uint8_t choice = len > 0 ? data[len - 1] : 0;
    struct blob *bytes = blob_create((struct view){(const char *)data, len});
    open_desk(&desk, choice);
    desk_receive(&desk, bytes);
    desk_receive(&desk, bytes);
    for (size_t i = 0; i < desk.sent_count && i < ANSWERED_MAX; i++)
        answer(&desk, i, (uint16_t)(100 + (choice + i * 83) % 600));
    desk_run(&desk, 400 * US_PER_S);
    ASSERT(!desk.told && desk_alive(&desk) == 0);
    desk_close(&desk);
    blob_unref(bytes);
    return 0;
}
