/* Reason phrases: RFC 3261 §21 and what other RFCs have registered. */
#include "core/message/method.h"

static const struct status_row {
    uint16_t status;
    const char *reason;
} rows[] = {
    {100, "Trying"                                 },
    {180, "Ringing"                                },
    {181, "Call Is Being Forwarded"                },
    {182, "Queued"                                 },
    {183, "Session Progress"                       },
    {199, "Early Dialog Terminated"                }, /* RFC 6228 §11.1 */
    {200, "OK"                                     },
    {202, "Accepted"                               }, /* RFC 6665 §8.3.1 */
    {204, "No Notification"                        }, /* RFC 5839 §7.1 */
    {300, "Multiple Choices"                       },
    {301, "Moved Permanently"                      },
    {302, "Moved Temporarily"                      },
    {305, "Use Proxy"                              },
    {380, "Alternative Service"                    },
    {400, "Bad Request"                            },
    {401, "Unauthorized"                           },
    {402, "Payment Required"                       },
    {403, "Forbidden"                              },
    {404, "Not Found"                              },
    {405, "Method Not Allowed"                     },
    {406, "Not Acceptable"                         },
    {407, "Proxy Authentication Required"          },
    {408, "Request Timeout"                        },
    {410, "Gone"                                   },
    {412, "Conditional Request Failed"             }, /* RFC 3903 §11.2.1 */
    {413, "Request Entity Too Large"               },
    {414, "Request-URI Too Long"                   },
    {415, "Unsupported Media Type"                 },
    {416, "Unsupported URI Scheme"                 },
    {417, "Unknown Resource-Priority"              }, /* RFC 4412 §12.4 */
    {420, "Bad Extension"                          },
    {421, "Extension Required"                     },
    {422, "Session Interval Too Small"             }, /* RFC 4028 §6 */
    {423, "Interval Too Brief"                     },
    {424, "Bad Location Information"               }, /* RFC 6442 §4.3 */
    {428, "Use Identity Header"                    }, /* RFC 4474 §14.2 */
    {429, "Provide Referrer Identity"              }, /* RFC 3892 §5 */
    {430, "Flow Failed"                            }, /* RFC 5626 §11.5 */
    {433, "Anonymity Disallowed"                   }, /* RFC 5079 §5 */
    {436, "Bad Identity-Info"                      }, /* RFC 4474 §14.3 */
    {437, "Unsupported Certificate"                }, /* RFC 4474 §14.4 */
    {438, "Invalid Identity Header"                }, /* RFC 4474 §14.5 */
    {439, "First Hop Lacks Outbound Support"       }, /* RFC 5626 §11.6 */
    {440, "Max-Breadth Exceeded"                   }, /* RFC 5393 §6.2 */
    {469, "Bad Info Package"                       }, /* RFC 6086 §4.2.2 */
    {480, "Temporarily Unavailable"                },
    {481, "Call/Transaction Does Not Exist"        },
    {482, "Loop Detected"                          },
    {483, "Too Many Hops"                          },
    {484, "Address Incomplete"                     },
    {485, "Ambiguous"                              },
    {486, "Busy Here"                              },
    {487, "Request Terminated"                     },
    {488, "Not Acceptable Here"                    },
    {489, "Bad Event"                              }, /* RFC 6665 §8.3.2 */
    {491, "Request Pending"                        },
    {493, "Undecipherable"                         },
    {494, "Security Agreement Required"            }, /* RFC 3329 §2.3.1 */
    {500, "Server Internal Error"                  },
    {501, "Not Implemented"                        },
    {502, "Bad Gateway"                            },
    {503, "Service Unavailable"                    },
    {504, "Server Time-out"                        },
    {505, "Version Not Supported"                  },
    {513, "Message Too Large"                      },
    {555, "Push Notification Service Not Supported"}, /* RFC 8599 §8.1 */
    {580, "Precondition Failure"                   }, /* RFC 5057 §5.1 names it */
    {600, "Busy Everywhere"                        },
    {603, "Decline"                                },
    {604, "Does Not Exist Anywhere"                },
    {606, "Not Acceptable"                         },
};

struct view sip_status_reason(uint16_t status)
{
    size_t low = 0, high = sizeof rows / sizeof *rows;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rows[middle].status == status)
            return view_of(rows[middle].reason);
        if (rows[middle].status < status)
            low = middle + 1;
        else
            high = middle;
    }
    return V("Unknown");
}
