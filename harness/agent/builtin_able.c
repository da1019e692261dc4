#include "harness/agent/builtin_able.h"

enum { SESSION_S = 1800 }; /* RFC 4028 §4 recommends it */
enum { PORT = 5060, PORT_TLS = 5061 };

/* 0: it does that unasked. */
static const struct {
    const char *name;
    uint32_t able;
} rows[] = {
    {"uas",        0          },
    {"uac",        0          },
    {"udp",        0          },
    {"tcp",        0          },
    {"ipv4",       0          },
    {"ipv6",       0          },
    {"digest",     0          },
    {"path",       0          },
    {"outbound",   0          },
    {"update",     0          },
    {"message",    0          },
    {"info",       0          },
    {"replaces",   0          },
    {"norefersub", 0          },
    {"100rel",     ABLE_100REL},
    {"timer",      ABLE_TIMER },
    {"tls",        ABLE_TLS   },
    {"refer",      ABLE_REFER },
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static size_t row_of(struct view name)
{
    size_t i = 0;

    while (i < ROW_COUNT && !view_equal(name, view_of(rows[i].name)))
        i++;
    return i;
}

bool builtin_able_known(struct view capability)
{
    return row_of(capability) < ROW_COUNT;
}

uint32_t builtin_able(const struct view *needs, size_t need_count)
{
    uint32_t able = 0;

    for (size_t i = 0; i < need_count; i++) {
        size_t row = row_of(needs[i]);
        able |= row == ROW_COUNT ? 0 : rows[row].able;
    }
    return able;
}

void builtin_able_options(uint32_t able, struct agent_options *out)
{
    if ((able & ABLE_TIMER) != 0 && out->refresh.expires_s == 0)
        out->refresh.expires_s = SESSION_S;
}

/* RFC 3261 §18.2.1: UDP and TCP at one port, TLS beside them. What the run goes by comes first: it
 * is what Contacts name, and what requests leave by. */
void builtin_able_places(uint32_t able, const struct scene_way *way, struct party_options *out)
{
    enum proto usual[] = {PROTO_UDP, PROTO_TCP, PROTO_TLS};
    size_t count = (able & ABLE_TLS) != 0 ? 3 : 2;

    out->proto = way->proto;
    out->plain = way->plain;
    if (way->proto == PROTO_TLS) {
        out->address.port = PORT_TLS;
        out->other_port = PORT;
    }
    for (size_t i = 0; i < count; i++)
        if (usual[i] != out->proto)
            out->others[out->other_count++] = usual[i];
}
