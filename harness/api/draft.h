/* Messages that a script makes: from a table, with right defaults for what is left out. What is the
 * sender's (Via, From, Contact) is filled in when it is known: sip.request{…} alone leaves it out.
 *
 *     struct draft *draft = draft_push(L);
 *     draft_read(L, draft, 1, maker, whose);
 *     return draft_finish(L, draft);
 */
#pragma once
#include "harness/api/message.h"

enum draft_row { /* rows that have a default, in the order in which they stand */
                 DRAFT_VIA,
                 DRAFT_MAX_FORWARDS,
                 DRAFT_FROM,
                 DRAFT_TO,
                 DRAFT_CALL_ID,
                 DRAFT_CSEQ,
                 DRAFT_CONTACT,
                 DRAFT_ROWS
};

struct draft { /* a userdata: freed with it, whatever is raised meanwhile */
    struct sip_build build;
    uint32_t omitted;                  /* 1 << enum draft_row: left out on purpose */
    bool no_length;                    /* Content-Length is */
    struct view method;                /* of a request; absent: a response */
    struct view uri, from_tag, branch; /* for the defaults of a sender; in the build's arena */
};

void draft_open(lua_State *L); /* once per state */
struct draft *draft_push(lua_State *L);
/* The table at the index: { method =, uri =, status =, headers = {…}, from = …, body = … }. */
void draft_read(lua_State *L, struct draft *draft, int index, struct view maker, const char *whose);
/* Options of what is made from another message: headers, body, branch …; no start line. */
void draft_read_opts(lua_State *L, struct draft *draft, int index, const char *whose);
/* Pushes the message; it remembers what a sender has to fill in. */
int draft_finish(lua_State *L, struct draft *draft);
/* The message at the index with the sender's rows, new reference; raises. */
struct blob *draft_complete(lua_State *L, int index, const struct party *sender);
/* A tag, Call-ID or branch of this maker, in the build's arena. */
struct view draft_id(lua_State *L, struct draft *draft, const char *head, struct view maker);
