#include "harness/catalogue/subject.h"

static const struct {
    const char *rfc, *subject;
} subjects[] = {
    {"RFC 3204", "MIME types of ISUP and QSIG"             },
    {"RFC 3261", "SIP itself"                              },
    {"RFC 3262", "reliable provisional responses, PRACK"   },
    {"RFC 3263", "locating servers"                        },
    {"RFC 3264", "offer and answer"                        },
    {"RFC 3311", "UPDATE"                                  },
    {"RFC 3327", "Path"                                    },
    {"RFC 3428", "MESSAGE"                                 },
    {"RFC 3515", "REFER"                                   },
    {"RFC 3581", "rport"                                   },
    {"RFC 3891", "Replaces"                                },
    {"RFC 3892", "Referred-By"                             },
    {"RFC 3903", "PUBLISH"                                 },
    {"RFC 4028", "session timers"                          },
    {"RFC 4320", "non-INVITE transactions, corrected"      },
    {"RFC 4475", "torture messages"                        },
    {"RFC 4488", "REFER without a subscription"            },
    {"RFC 5118", "torture messages of IPv6"                },
    {"RFC 5246", "TLS 1.2"                                 },
    {"RFC 5280", "certificates"                            },
    {"RFC 5393", "loops and amplification by forking"      },
    {"RFC 5589", "call transfer"                           },
    {"RFC 5621", "message bodies"                          },
    {"RFC 5626", "outbound: flows and keep-alives"         },
    {"RFC 5630", "the sips scheme"                         },
    {"RFC 5922", "domain certificates"                     },
    {"RFC 5923", "reuse of connections"                    },
    {"RFC 5924", "extended key usage of certificates"      },
    {"RFC 5954", "IPv6 addresses in the grammar, corrected"},
    {"RFC 6026", "transactions of a 2xx, corrected"        },
    {"RFC 6086", "INFO packages"                           },
    {"RFC 6141", "re-INVITE and target refresh"            },
    {"RFC 6228", "199 Early Dialog Terminated"             },
    {"RFC 6665", "events: SUBSCRIBE and NOTIFY"            },
    {"RFC 7616", "digest"                                  },
    {"RFC 7647", "REFER with RFC 6665"                     },
    {"RFC 7984", "locating servers on two families"        },
    {"RFC 8760", "digest with SHA-256 and others"          },
    {"RFC 8866", "SDP"                                     },
    {"RFC 9325", "how to use TLS"                          },
};

struct view rfc_subject(struct view rfc)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (view_equal(rfc, view_of(subjects[i].rfc)))
            return view_of(subjects[i].subject);
    return (struct view){0};
}
