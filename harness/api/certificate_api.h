/* sip.certificate{…}, and certificates in options.
 *
 *     struct pem *pem = certificate_check(L, 1);
 */
#pragma once
#include "harness/api/opts.h"
#include "harness/agent/security.h"

extern const struct handle_kind certificate_kind;

enum { CERTIFICATE_LIST_MAX = 16384 }; /* names in one list */

/* The table at the index. Pushes what its lists are in, so that they live as long as the caller's
 * part of the stack does. */
struct recipe recipe_read(lua_State *L, int index);
const struct recipe *recipe_userdata(lua_State *L, int index); /* stays on the stack */
/* Issues it; raises what is wrong with it. */
struct pem *recipe_issue(lua_State *L, const struct recipe *recipe);
void certificate_failed(lua_State *L, enum err err); /* raises */

struct pem *certificate_check(lua_State *L, int index);
struct pem *certificate_test(lua_State *L, int index); /* NULL: it is none */
int sip_certificate(lua_State *L);
/* PEM text, or the name of a file that has it; pushes the text. what: "tls.cert". */
struct view pem_text(lua_State *L, int index, const char *what);
/* A certificate out of a text; key empty: it can be trusted, not shown. Raises. */
struct pem *pem_read(lua_State *L, struct view text, struct view key, const char *what);
