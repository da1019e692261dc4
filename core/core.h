/* The SIP stack and the one loop. */
#pragma once
#include "core/base.h"                  /* what everything stands on */
#include "core/net/net.h"               /* packets, effects, drivers */
#include "core/net/addr_map.h"          /* objects by address */
#include "core/net/links.h"             /* what was said about the ways between parties */
#include "core/message/msg.h"           /* messages as they were on the wire */
#include "core/message/uri.h"           /* URIs and name-addrs */
#include "core/message/build.h"         /* messages to send */
#include "core/message/edit.h"          /* messages with some places changed */
#include "core/message/multipart.h"     /* bodies in parts */
#include "core/stream/framer.h"         /* whole messages out of the bytes of a stream */
#include "core/sdp/sdp.h"               /* session descriptions, offers and answers */
#include "core/stream/tls.h"            /* TLS and certificates */
#include "core/stream/ws.h"             /* WebSocket */
#include "core/stack/usage/register.h"  /* registrations of ours */
#include "core/stack/stack.h"           /* the stack of one party */
#include "core/stack/forward/forward.h" /* its commands for those who forward */
#include "core/stack/usage/publish.h"   /* what it publishes */
#include "core/stack/usage/events.h"    /* its subscriptions */
#include "core/role/role.h"             /* what it does by itself on top of it */
#include "core/role/registrar.h"        /* who may register, and who is where */
#include "core/role/proxy.h"            /* a proxy, or a redirect server */
#include "core/world/world.h"           /* the loop over all parties */
#include "core/transport/driver.h"      /* the real network */
