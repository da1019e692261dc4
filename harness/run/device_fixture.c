#include "harness/run/device_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

unsigned device_port(void)
{
    return 20000 + 4 * ((unsigned)getpid() % 3000); /* below those that the system gives away */
}

/* The lines stay where they are. */
void device_file(const char *path, const char *text)
{
    char sipwright[PATH_MAX];
    struct buf whole = {0};

    binary_path(sipwright);
    buf_printf(&whole, "local sipwright, port = '%s', %u %s", sipwright, device_port(), text);
    buf_add_char(&whole, '\0');
    ASSERT(whole.failed == ERR_OK);
    test_folder_file(cli_folder(), path, whole.ptr);
    buf_deinit(&whole);
}

void device_suite(const char *device, const char *scenarios, const char *format, ...)
{
    char config[4096];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(config, sizeof config, format, args);
    va_end(args);
    ASSERT(len > 0 && len < (int)sizeof config);
    device_file("_device.lua", device);
    device_file("s.lua", scenarios);
    device_file("sipwright.lua", config);
}
