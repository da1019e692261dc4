/* Messages for tests, from a few words.
 *
 *     struct sip_msg *msg = test_request("INVITE", "Require: 100rel\r\n", "");
 *     sip_msg_unref(msg);
 */
#pragma once
#include "core/core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* headers: whole rows, each with its CRLF, put in front of those that every message needs. */
struct sip_msg *test_request(const char *method, const char *headers, const char *body);
struct sip_msg *test_response(unsigned status, const char *method, const char *headers,
                              const char *body);
struct sip_msg *test_message(const char *text); /* as it stands */
