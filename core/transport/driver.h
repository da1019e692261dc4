/* The real network: libevent, sockets and the only clock of the project.
 *
 *     enum err err = transport_create(&driver);
 *     driver->ops->bind(driver, party, PROTO_UDP, &addr, &link);
 *     driver->ops->destroy(driver);
 */
#pragma once
#include "core/net/net.h"

enum err transport_create(struct driver **out) NODISCARD;
