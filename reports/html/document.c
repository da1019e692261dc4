#include "reports/html/document.h"
#include "reports/html/page.h"

static void policy_write(struct buf *out, const struct document *document)
{
    buf_printf(out,
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'sha256-%.*s'",
               VIEW_ARG(document->styles[0]->hash));
    if (document->styles[1] != NULL)
        buf_printf(out, " 'sha256-%.*s'", VIEW_ARG(document->styles[1]->hash));
    buf_printf(out,
               "; script-src 'sha256-%.*s'; img-src data:; "
               "base-uri 'none'; form-action 'none'\">\n",
               VIEW_ARG(document->script->hash));
}

static void styles_write(struct buf *out, const struct document *document)
{
    for (size_t i = 0; i < 2 && document->styles[i] != NULL; i++) {
        buf_add(out, V("<style>"));
        buf_add(out, document->styles[i]->text);
        buf_add(out, V("</style>\n"));
    }
}

void document_begin(struct buf *out, const struct document *document, struct view title)
{
    buf_add(out, V("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
    policy_write(out, document);
    buf_add(out, V("<meta name=\"viewport\" content=\"width=device-width, "
                   "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n<title>"));
    html_text(out, title);
    buf_add(out, V(" - sipwright</title>\n<link rel=\"icon\" href=\"data:,\">\n"));
    styles_write(out, document);
    buf_add(out, V("</head>\n<body>\n"));
}

void document_end(struct buf *out, const struct document *document)
{
    buf_add(out, V("<script>"));
    buf_add(out, document->script->text);
    buf_add(out, V("</script>\n</body>\n</html>\n"));
}
