#include "core/message/torture_fixture.h"

#include <stdio.h>

/* RFC 4475 §3 and RFC 5118 §4, message by message. Valid ones have no fatal fault; for invalid ones
 * the fatal rule is what the RFC's text complains of. Three of RFC 5118 state a wrong length. */
const struct torture_row torture_rows[] = {
    {"rfc4475/badaspec",                      "!uri-space"                                                             },
    {"rfc4475/badbranch",                     "branch-empty"                                                           },
    {"rfc4475/baddate",                       "date"                                                                   },
    {"rfc4475/baddn",                         "!headers-end !display-name !display-name"                               },
    {"rfc4475/badinv01",                      "!param-empty !token !list-empty !list-empty !param-empty branch-missing"},
    {"rfc4475/badvers",                       "!version !protocol"                                                     },
    {"rfc4475/bcast",                         ""                                                                       },
    {"rfc4475/bext01",                        ""                                                                       },
    {"rfc4475/bigcode",                       "!status-code"                                                           },
    {"rfc4475/clerr",                         "!content-length-short"                                                  },
    {"rfc4475/cparam01",                      ""                                                                       },
    {"rfc4475/cparam02",                      ""                                                                       },
    {"rfc4475/dblreq",                        ""                                                                       },
    {"rfc4475/esc01",                         ""                                                                       },
    {"rfc4475/esc02",                         ""                                                                       },
    {"rfc4475/escnull",                       ""                                                                       },
    {"rfc4475/escruri",                       "!request-uri-headers"                                                   },
    {"rfc4475/insuf",
     "!header-missing !header-missing !header-missing max-forwards-missing contact-missing"                            },
    {"rfc4475/intmeth",                       ""                                                                       },
    {"rfc4475/inv2543",                       "max-forwards-missing contact-missing branch-missing tag-missing"        },
    {"rfc4475/invut",                         ""                                                                       },
    {"rfc4475/longreq",                       "branch-missing"                                                         },
    {"rfc4475/ltgtruri",                      "!request-uri-brackets branch-missing"                                   },
    {"rfc4475/lwsdisp",                       ""                                                                       },
    {"rfc4475/lwsruri",                       "!request-uri-space !request-uri"                                        },
    {"rfc4475/lwsstart",                      "!start-line-space"                                                      },
    {"rfc4475/mcl01",                         "!header-twice !content-length-conflict"                                 },
    {"rfc4475/mismatch01",                    "!cseq-method"                                                           },
    {"rfc4475/mismatch02",                    "!cseq-method"                                                           },
    {"rfc4475/mpart01",                       ""                                                                       },
    {"rfc4475/multi01",                       "!header-twice !header-twice !header-twice !header-twice header-twice"   },
    {"rfc4475/ncl",                           "!content-length !number"                                                },
    {"rfc4475/noreason",                      ""                                                                       },
    {"rfc4475/novelsc",                       ""                                                                       },
    {"rfc4475/quotbal",                       "!quote"                                                                 },
    {"rfc4475/regaut01",                      ""                                                                       },
    {"rfc4475/regbadct",                      "!uri-brackets"                                                          },
    {"rfc4475/regescrt",                      ""                                                                       },
    {"rfc4475/scalar02",                      "!number-range number-range number-range param-range"                    },
    {"rfc4475/scalarlg",                      "!number-range number-range number-range tag-missing"                    },
    {"rfc4475/sdp01",                         ""                                                                       },
    {"rfc4475/semiuri",                       ""                                                                       },
    {"rfc4475/transports",                    ""                                                                       },
    {"rfc4475/trws",                          "!start-line-space"                                                      },
    {"rfc4475/unkscm",                        ""                                                                       },
    {"rfc4475/unksm2",                        ""                                                                       },
    {"rfc4475/unreason",                      ""                                                                       },
    {"rfc4475/wsinv",                         ""                                                                       },
    {"rfc4475/zeromf",                        ""                                                                       },
    {"rfc5118/ipv4-mapped-ipv6",              ""                                                                       },
    {"rfc5118/ipv6-bad",                      "!request-uri"                                                           },
    {"rfc5118/ipv6-bug-abnf-3-colons",        "ipv6 ipv6"                                                              },
    {"rfc5118/ipv6-correct-abnf-2-colons",    ""                                                                       },
    {"rfc5118/ipv6-good",                     ""                                                                       },
    {"rfc5118/ipv6-in-sdp",                   "!content-length-short"                                                  },
    {"rfc5118/mult-ip-in-header",             ""                                                                       },
    {"rfc5118/mult-ip-in-sdp",                ""                                                                       },
    {"rfc5118/port-ambiguous",                ""                                                                       },
    {"rfc5118/port-unambiguous",              ""                                                                       },
    {"rfc5118/via-received-param-no-delim",   ""                                                                       },
    {"rfc5118/via-received-param-with-delim", "received"                                                               },
};
const size_t torture_count = sizeof torture_rows / sizeof *torture_rows;

struct view torture_read(const struct torture_row *row)
{
    static char bytes[65536];
    char path[128];
    snprintf(path, sizeof path, "scenarios/conformance/_torture/%s.dat", row->name);
    FILE *file = fopen(path, "rb");
    ASSERT(file != NULL);
    size_t len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    ASSERT(len > 0 && len < sizeof bytes);
    return (struct view){bytes, len};
}
