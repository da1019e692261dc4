#include "harness/scene/stage.h"

enum { FRAMES_MOST = 20 };

static void write_frame(lua_Debug *ar, struct buf *out)
{
    buf_printf(out, "%s:%d", ar->source + 1, ar->currentline);
    if (ar->name != NULL && *ar->namewhat != '\0')
        buf_printf(out, ": in %s '%s'", ar->namewhat, ar->name);
    buf_add_char(out, '\n');
}

void traceback_write(lua_State *thread, struct buf *out)
{
    lua_Debug ar;
    int frames = 0;
    for (int level = 0; frames < FRAMES_MOST && lua_getstack(thread, level, &ar); level++) {
        lua_getinfo(thread, "Sln", &ar);
        if (ar.source[0] != '@' || ar.currentline <= 0)
            continue;
        write_frame(&ar, out);
        frames++;
    }
}
