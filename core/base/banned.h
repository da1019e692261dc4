/* What no file of the project may call; included by the build for every source. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#undef alloca
#pragma GCC poison strcpy strcat sprintf strtok atoi gmtime localtime alloca
