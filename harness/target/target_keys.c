#include "harness/target/target_keys.h"

static const struct key_row target_rows[] = {
    {"uri",            key_uri           },
    {"bind",           key_bind          },
    {"roles",          key_roles         },
    {"supports",       key_supports      },
    {"auto_answer",    key_auto_answer   },
    {"patience",       key_patience      },
    {"tolerance",      key_tolerance     },
    {"rate_limit",     key_rate_limit    },
    {"limits",         key_limits        },
    {"jobs",           key_jobs          },
    {"tls",            key_tls           },
    {"addresses",      key_addresses     },
    {"accounts",       key_accounts      },
    {"dns",            key_dns           },
    {"exclude",        key_exclude       },
    {"background",     key_background    },
    {"actions",        key_actions       },
    {"start",          key_start         },
    {"reset",          key_reset         },
    {"ready",          key_ready         },
    {"known_failures", key_known_failures},
    {NULL,             NULL              }
};

void target_keys_read(lua_State *L, struct reading *r, int index)
{
    reading_keys(L, r, NULL, index, target_rows, false);
}
