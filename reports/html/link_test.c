#include "reports/html/link.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void files_are_linked_from_the_folder_of_the_page(void **state)
{
    static const struct {
        const char *page, *file, *link;
    } rows[] = {
        {"report.html",          "trace/a.pcap",     "./trace/a.pcap"                   },
        {"out/report.html",      "out/trace/a.pcap", "./trace/a.pcap"                   },
        {"out/html/report.html", "out/trace/a.pcap", "./../trace/a.pcap"                },
        {"out/report.html",      "other/a.pcap",     "./../other/a.pcap"                },
        {"/a/b/report.html",     "/a/c/x.pcap",      "./../c/x.pcap"                    },
        {"report.html",          "/a/x.pcap",        "/a/x.pcap"                        },
        {"./out/report.html",    "out/x.pcap",       "./x.pcap"                         },
        {"report.html",          "javascript:x()",   "./javascript%3ax%28%29"           },
        {"report.html",          "a\"><b> #?%.pcap", "./a%22%3e%3cb%3e%20%23%3f%25.pcap"},
        {"output/report.html",   "out/x.pcap",       "./../out/x.pcap"                  },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        html_link_add(&out, view_of(rows[i].page), view_of(rows[i].file));
        buf_add_char(&out, '\0');
        assert_string_equal(out.ptr, rows[i].link);
        buf_deinit(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_linked_from_the_folder_of_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
