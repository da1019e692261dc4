/* What all pages have in common: head, style, script, and a policy that lets in nothing else.
 *
 *     static const struct document document = {{&asset_style}, &asset_script};
 *     document_begin(out, &document, V("all 3 scenarios passed"));
 *     …
 *     document_end(out, &document);
 */
#pragma once
#include "reports/html/asset.h"

struct document {
    const struct asset *styles[2]; /* the second may be NULL */
    const struct asset *script;
};

void document_begin(struct buf *out, const struct document *document, struct view title);
void document_end(struct buf *out, const struct document *document);
