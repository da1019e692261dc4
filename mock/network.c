#include "mock/network.h"
