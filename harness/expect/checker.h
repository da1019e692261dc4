/* What expect(value) gives: private to harness/expect.
 *
 *     struct checker *checker = checker_check(L);       value at CHECK_VALUE, arguments from
 * CHECK_ARG on return checker_say(L, checker, holds, "at least 3");
 */
#pragma once
#include "harness/scene/stage.h"

struct checker {
    bool soft, negated;
    struct unchecked *pending; /* NULL: a check was made */
};

enum { CHECKER = 1, CHECK_ARG = 2 }; /* places on the stack of a check; the value is on top */

void checker_open(lua_State *L, const luaL_Reg *checks); /* the list is kept */
/* expect(value, what) with those two on the stack: pushes the checker. */
int checker_make(lua_State *L, bool soft);
struct checker *checker_check(lua_State *L, const char *name); /* at CHECKER, else a misuse */
/* A check begins: at least arg_count arguments, then { soft = true } if wanted. Pushes the value
 * and gives its place. */
int checker_begin(lua_State *L, const char *name, int arg_count, struct checker **out);
/* It holds or not; `expected` is a phrase ("at least 3"), on top of the stack. `more` (may be
 * empty) follows the sentence. Gives the checker back. */
int checker_say(lua_State *L, struct checker *checker, int value, bool holds, const char *more);
void unchecked_remove(struct stage *stage, struct unchecked *one);

int check_matches(lua_State *L);
int check_raises(lua_State *L);
