#include "core/base.h"

int main(void)
{
    puts("sipwright " SIPWRIGHT_VERSION);
    return 0;
}
