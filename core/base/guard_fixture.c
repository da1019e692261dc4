#include "core/base/guard_fixture.h"

#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define GUARD_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_ASAN 1
#endif
#endif
#ifdef GUARD_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

enum { GUARD_ROOM = 1 << 22, GUARD_PAGE = 4096 };

/* Mapped once; the page behind the room is never readable. */
static char *room_end(void)
{
    static char *end;
    if (end != NULL)
        return end;
    char *room = mmap(NULL, GUARD_ROOM + GUARD_PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT(room != MAP_FAILED);
    ASSERT(mprotect(room + GUARD_ROOM, GUARD_PAGE, PROT_NONE) == 0);
    end = room + GUARD_ROOM;
    return end;
}

void test_guarded(struct view bytes, void (*use)(struct view bytes, void *ctx), void *ctx)
{
    char *end = room_end();
    ASSERT(bytes.len <= GUARD_ROOM);
    ASAN_UNPOISON_MEMORY_REGION(end - 8, 8);
    if (bytes.len > 0)
        memcpy(end - bytes.len, bytes.ptr, bytes.len);
    use((struct view){end - bytes.len, bytes.len}, ctx);
}

/* A blob's head wants an aligned place, so that up to seven bytes are left over: those only the
 * address sanitizer guards. */
struct blob *guard_blob(struct view bytes)
{
    char *end = room_end();
    size_t len = (bytes.len + 7) / 8 * 8;
    ASSERT(len + sizeof(struct blob) <= GUARD_ROOM);
    ASAN_UNPOISON_MEMORY_REGION(end - 8, 8);
    struct blob *blob = (struct blob *)(void *)(end - len - sizeof *blob);
    blob->refs = UINT32_MAX / 8;
    blob->told = TOLD_NOTHING;
    blob->len = (uint32_t)bytes.len;
    if (bytes.len > 0)
        memcpy(blob->data, bytes.ptr, bytes.len);
    ASAN_POISON_MEMORY_REGION(blob->data + bytes.len, len - bytes.len);
    return blob;
}
