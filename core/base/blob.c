#include "core/base/blob.h"

#include "core/base/alloc.h"

#include <string.h>

struct blob *blob_alloc(size_t len)
{
    if (len > UINT32_MAX - sizeof(struct blob) - 1)
        return NULL;
    struct blob *blob = mem_alloc(sizeof *blob + len + 1);
    if (blob == NULL)
        return NULL;
    blob->refs = 1;
    blob->len = (uint32_t)len;
    blob->told = TOLD_NOTHING;
    blob->data[len] = '\0';
    return blob;
}

struct blob *blob_create(struct view bytes)
{
    struct blob *blob = blob_alloc(bytes.len);
    if (blob != NULL && bytes.len > 0)
        memcpy(blob->data, bytes.ptr, bytes.len);
    return blob;
}

struct blob *blob_ref(struct blob *blob)
{
    if (blob != NULL)
        blob->refs++;
    return blob;
}

void blob_unref(struct blob *blob)
{
    if (blob == NULL)
        return;
    ASSERT(blob->refs > 0);
    if (--blob->refs == 0)
        mem_free(blob);
}

struct view blob_view(const struct blob *blob)
{
    return blob == NULL ? (struct view){0} : (struct view){blob->data, blob->len};
}
