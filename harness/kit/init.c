#include "harness/kit/init.h"
#include "harness/kit/bundled.h"
#include "harness/kit/unpack.h"
#include "harness/options/exit_code.h"
#include "harness/record/lua.h"
#include "harness/run/screen.h"
#include "harness/target/target.h"
#include "harness/language/language.h"

enum { FILES_MOST = 16 };
#define URI_OF_THE_TEMPLATE "\"sip:100@127.0.0.1:5070\""

struct suite { /* that is being made */
    struct new_file files[FILES_MOST];
    size_t count;
    struct buf config, meta, luacheck;
};

static void file_add(struct suite *suite, const char *path, struct view bytes)
{
    ASSERT(suite->count < FILES_MOST);
    suite->files[suite->count++] = (struct new_file){path, bytes};
}

/* The template with this URI in place of its own. */
static enum err config_write(struct suite *suite, const char *uri, struct buf *complaint)
{
    struct view text = bundled_find(V("suite/sipwright.lua"));
    size_t at = view_find(text, V(URI_OF_THE_TEMPLATE));
    struct target target = {0};
    struct arena arena = {0};
    enum err err = ERR_OK;

    ASSERT(at < text.len);
    if (uri == NULL) {
        buf_add(&suite->config, text);
        return suite->config.failed;
    }
    err = target_uri_set(&target, view_of(uri), &arena, complaint);
    arena_deinit(&arena);
    buf_add(&suite->config, view_head(text, at));
    lua_text(&suite->config, view_of(uri));
    buf_add(&suite->config, view_skip(text, at + strlen(URI_OF_THE_TEMPLATE)));
    return err != ERR_OK ? err : suite->config.failed;
}

static void pipeline_add(struct suite *suite, uint32_t ci)
{
    switch (ci) {
    case CI_GITHUB:
        file_add(suite, ".github/workflows/sipwright.yml", bundled_find(V("ci/github")));
        break;
    case CI_GITLAB:
        file_add(suite, ".gitlab-ci.yml", bundled_find(V("suite/gitlab-ci.yml")));
        file_add(suite, ".gitlab/sipwright.yml", bundled_find(V("ci/gitlab")));
        break;
    case CI_JENKINS:
        file_add(suite, "Jenkinsfile", bundled_find(V("ci/jenkins")));
        break;
    default:
        break;
    }
}

static enum err suite_make(struct suite *suite, const struct options *options,
                           struct buf *complaint)
{
    enum err err = config_write(suite, options->target, complaint);

    language_meta(&suite->meta);
    language_luacheck(&suite->luacheck);
    if (err == ERR_OK)
        err = suite->meta.failed;
    if (err == ERR_OK)
        err = suite->luacheck.failed;
    file_add(suite, "sipwright.lua", buf_view(&suite->config));
    file_add(suite, "scenarios/first.lua", bundled_find(V("suite/first.lua")));
    file_add(suite, "scenarios/device.lua", bundled_find(V("suite/device.lua")));
    file_add(suite, "_editor/sipwright.d.lua", buf_view(&suite->meta));
    file_add(suite, ".luarc.json", bundled_find(V("suite/luarc.json")));
    file_add(suite, ".luacheckrc", buf_view(&suite->luacheck));
    file_add(suite, ".gitignore", bundled_find(V("suite/gitignore")));
    pipeline_add(suite, options->ci);
    return err;
}

static bool said(const struct suite *suite, const char *folder)
{
    bool here = strcmp(folder, ".") == 0;
    struct buf text = {0};

    for (size_t i = 0; i < suite->count; i++)
        buf_printf(&text, "  %s%s%s\n", here ? "" : folder, here ? "" : "/", suite->files[i].path);
    buf_printf(&text, "\nNext:\n");
    if (!here)
        buf_printf(&text, "  cd %s\n", folder);
    buf_printf(&text, "  sipwright run                   # simulated: passes as it is\n"
                      "  sipwright run --target device   # the device of sipwright.lua\n"
                      "  sipwright help language call    # what a call can do\n");
    bool told = screen_say(&text);
    buf_deinit(&text);
    return told;
}

int command_init(const struct options *options)
{
    const char *folder = options->paths.count > 0 ? options->paths.items[0] : ".";
    struct suite suite = {0};
    struct buf complaint = {0};
    enum err err = ERR_OK;

    if (options->paths.count > 1) {
        buf_printf(&complaint, "init makes one folder: sipwright init %s", folder);
        err = ERR_SYNTAX;
    }
    if (err == ERR_OK)
        err = suite_make(&suite, options, &complaint);
    if (err == ERR_OK)
        err = unpack(folder, suite.files, suite.count, &complaint);
    int code = err == ERR_OK ? EXIT_ALL_PASSED : screen_refuse(&complaint, err);
    if (err == ERR_IO)
        code = EXIT_ENVIRONMENT;
    if (err == ERR_OK && !said(&suite, folder))
        code = EXIT_ENVIRONMENT;
    buf_deinit(&suite.config);
    buf_deinit(&suite.meta);
    buf_deinit(&suite.luacheck);
    buf_deinit(&complaint);
    return code;
}
