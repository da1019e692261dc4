#include "core/base/oom_fixture.h"

#include "core/base/alloc.h"

enum { OOM_MOST = 100000 };

static bool step(enum err (*create)(void *ctx), void *ctx, uint64_t nth, bool for_good)
{
    uint64_t live = mem_live(), count = mem_count();
    mem_fail_at(nth, for_good);
    enum err err = create(ctx);
    mem_fail_at(0, false);
    bool failed = mem_count() - count >= nth;
    ASSERT(mem_live() == live);
    ASSERT(err == (failed ? ERR_MEMORY : ERR_OK));
    return failed;
}

void test_each_oom(enum err (*create)(void *ctx), void *ctx)
{
    for (uint64_t nth = 1;; nth++) {
        ASSERT(nth < OOM_MOST);
        bool once = step(create, ctx, nth, false);
        bool for_good = step(create, ctx, nth, true);
        if (!once && !for_good)
            return;
    }
}
