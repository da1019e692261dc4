#include "harness/target/target_keys.h"

#include <lauxlib.h>
#include <string.h>

struct account_reading { /* the account that is being read */
    struct reading r;    /* first: what the readers of keys are given */
    struct target_account *out;
};

static void user_read(lua_State *L, struct reading *r, int value)
{
    ((struct account_reading *)r)->out->user = reading_text(L, r, "accounts.user", value);
}

static void password_read(lua_State *L, struct reading *r, int value)
{
    ((struct account_reading *)r)->out->password = reading_text(L, r, "accounts.password", value);
}

/* The key at -2, the value at -1. */
static void account_read(lua_State *L, struct reading *r, struct target_account *out)
{
    static const struct key_row rows[] = {
        {"user",     user_read    },
        {"password", password_read},
        {NULL,       NULL         }
    };
    struct account_reading account = {.r = *r, .out = out};

    reading_want_table(L, r, "accounts", lua_gettop(L));
    out->name = reading_copy(L, r, -2);
    reading_keys(L, &account.r, "accounts", lua_gettop(L), rows, false);
    if (out->user.ptr == NULL || out->password.ptr == NULL)
        luaL_error(L,
                   "targets.%s.accounts: each wants user and password: "
                   "{ [\"1001\"] = { user = \"1001\", password = secret(\"PHONE\") } }",
                   r->target);
}

void key_accounts(lua_State *L, struct reading *r, int value)
{
    struct target_account *accounts = reading_named(L, r, "accounts", value, sizeof *accounts);

    r->into->accounts = accounts;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        account_read(L, r, &accounts[r->into->account_count++]);
}

/* PEM, or the name of a file that has it. */
static struct view pem_read(lua_State *L, struct reading *r, const char *key, int value)
{
    reading_want_text(L, r, key, value);
    if (strstr(lua_tostring(L, value), "-----BEGIN ") != NULL)
        return reading_copy(L, r, value);
    return reading_file(L, r, value);
}

static void ca_read(lua_State *L, struct reading *r, int value)
{
    r->into->tls_ca = pem_read(L, r, "tls.ca", value);
}

static void ca_key_read(lua_State *L, struct reading *r, int value)
{
    r->into->tls_ca_key = pem_read(L, r, "tls.ca_key", value);
}

/* { ca = "ci/ca.pem", ca_key = "ci/ca.key" } */
void key_tls(lua_State *L, struct reading *r, int value)
{
    static const struct key_row rows[] = {
        {"ca",     ca_read    },
        {"ca_key", ca_key_read},
        {NULL,     NULL       }
    };

    reading_want_table(L, r, "tls", value);
    reading_keys(L, r, "tls", value, rows, false);
    if (r->into->tls_ca.len == 0)
        luaL_error(L, "targets.%s.tls: ca is missing: the certificate that it trusts", r->target);
}
