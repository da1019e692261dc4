#include "harness/probe/probed.h"

#include "harness/run/screen.h"

const struct ask_answer *probed_first(const struct probed *probed)
{
    for (size_t i = 0; i < probed->count; i++)
        if (probed->answers[i].status != 0)
            return &probed->answers[i];
    return NULL;
}

static void place_write(struct buf *out, const struct ask_place *place,
                        const struct ask_answer *answer)
{
    struct buf text = {0};
    char room[ADDR_TEXT_MAX];

    buf_printf(out, "%-4s %-21.*s  ", proto_text(place->proto),
               VIEW_ARG(addr_text(&place->addr, room)));
    ask_answer_write(&text, answer);
    if (answer->tls.len > 0)
        buf_printf(&text, ", %.*s", VIEW_ARG(buf_view(&answer->tls)));
    if (answer->names.len > 0)
        buf_printf(&text, ", certificate for %.*s", VIEW_ARG(buf_view(&answer->names)));
    screen_text(out, buf_view(&text), false);
    buf_deinit(&text);
}

/* All values of the header, on one line; nothing where the answer has none. */
static void header_write(struct buf *out, const char *head, const struct sip_msg *msg,
                         enum sip_header_id id, const char *name)
{
    const struct sip_line *line;

    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++) {
        buf_printf(out, i == 0 ? "%s%s: " : ", ", head, name);
        screen_text(out, view_trim(line->value), false);
    }
    if (sip_msg_find(msg, id, 0) != NULL)
        buf_add_char(out, '\n');
}

void probed_write(struct buf *out, const struct probed *probed, const char *head)
{
    static const struct {
        enum sip_header_id id;
        const char *name;
    } rows[] = {
        {SIP_HEADER_SERVER,     "Server"    },
        {SIP_HEADER_USER_AGENT, "User-Agent"},
        {SIP_HEADER_ALLOW,      "Allow"     },
        {SIP_HEADER_SUPPORTED,  "Supported" },
        {SIP_HEADER_ACCEPT,     "Accept"    },
    };
    const struct ask_answer *first = probed_first(probed);

    for (size_t i = 0; i < probed->count; i++) {
        buf_add(out, view_of(head));
        place_write(out, &probed->places[i], &probed->answers[i]);
        buf_add_char(out, '\n');
    }
    for (size_t i = 0; first != NULL && i < sizeof rows / sizeof *rows; i++)
        header_write(out, head, first->msg, rows[i].id, rows[i].name);
}
