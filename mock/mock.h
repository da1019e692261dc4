/* A network and a clock that exist only in memory: a driver for core/world. */
#pragma once
#include "mock/network.h" /* hosts, links, the heap of what is under way */
