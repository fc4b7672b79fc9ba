/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building revisions of a small repository made here. */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include "store/command.h"
#include "store/worktree.h"

static char path_set[4096];
static const char *const env[] = {
    path_set,
    "HOME=/nonexistent",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_AUTHOR_NAME=a",
    "GIT_AUTHOR_EMAIL=a@example.org",
    "GIT_COMMITTER_NAME=a",
    "GIT_COMMITTER_EMAIL=a@example.org",
    "GIT_DIR=/nonexistent/of/a/hook",
    NULL,
};

/* Run a shell line (without the misleading GIT_DIR); its exit status. */
PRINTF_LIKE(1, 2)
static int shell(const char *fmt, ...)
{
    char line[2048];
    const char *const argv[] = {"/bin/sh", "-c", line, NULL};
    struct command command = {
        .argv = argv, .env = env, .timeout_ns = 60000000000};
    struct command_result r = {0};
    va_list ap;
    int n = snprintf(line, sizeof line, "unset GIT_DIR; ");
    int status;

    va_start(ap, fmt);
    vsnprintf(line + n, sizeof line - (size_t)n, fmt, ap);
    va_end(ap);
    if (command_run(&command, &r, NULL) < 0)
        return -1;
    if (r.exit_status)
        fprintf(stderr, "%s\n%s", line, strbuf_text(&r.err));
    status = r.exit_status;
    command_result_clear(&r);
    return status;
}

/* NAME/: two commits, whose sub/value are 1 and 2; false when there is no git.
 */
static bool make_repository(const char *name)
{
    const char *path = getenv("PATH");

    snprintf(path_set, sizeof path_set, "PATH=%s",
             path ? path : "/usr/bin:/bin");
    return shell("rm -rf %s && git init -q %s && cd %s && mkdir sub && "
                 "echo 1 >sub/value && git add . && git commit -qm 1 && "
                 "git tag one && echo 2 >sub/value && git commit -qam 2",
                 name, name, name) == 0;
}

static struct worktree_plan plan_for(const char *source, const char *root,
                                     const char *revision, const char *command)
{
    return (struct worktree_plan){
        .source = source,
        .root = root,
        .revision = revision,
        .command = command,
        .timeout_ns = 30000000000,
        .env = env,
    };
}

/* The first line of FOLDER/NAME as a number, -1 when there is none. */
static int number_in(const char *folder, const char *name)
{
    SCOPED(free_scoped) char *text = NULL;
    char path[512];
    size_t size;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_read(path, 100, &text, &size, NULL) < 0 ? -1 : atoi(text);
}

TARE_TEST(a_revision_is_built_once)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree w = {.commit = ""};
    struct error err = {0};
    struct worktree_plan plan =
        plan_for("once/sub", "once/.tare/builds", "one",
                 "cp value built && echo x >>../../../count");

    if (!make_repository("once"))
        TARE_SKIP("no git here");
    for (int i = 0; i < 2; i++) {
        if (worktree_build(&plan, &arena, &w, &err) < 0)
            error_print(&err, stderr);
        TARE_REQUIRE_INT(err.code, 0);
        TARE_CHECK_INT(w.cached, i);
        TARE_CHECK_INT(strlen(w.commit), 40);
        TARE_CHECK_INT(number_in(w.folder, "built"), 1);
    }
    TARE_CHECK_INT(shell("test $(wc -l <once/.tare/builds/count) = 1"), 0);
    TARE_CHECK_INT(number_in("once/sub", "value"), 2);
    plan.revision = "HEAD~1"; /* the same commit, built otherwise */
    plan.command = "echo 7 >built";
    TARE_REQUIRE_INT(worktree_build(&plan, &arena, &w, &err), 0);
    TARE_CHECK(!w.cached);
    TARE_CHECK_INT(number_in(w.folder, "built"), 7);
    plan.revision = "HEAD";
    plan.command = "cp value built";
    TARE_REQUIRE_INT(worktree_build(&plan, &arena, &w, &err), 0);
    TARE_CHECK_INT(number_in(w.folder, "built"), 2);
    TARE_REQUIRE_INT(worktree_prune("once", "once/.tare/builds", env,
                                    (const char *[]){w.commit}, 1, &err),
                     0);
    TARE_CHECK_INT(number_in(w.folder, "built"), 2);
    TARE_CHECK_INT(shell("cd once && test $(git worktree list | wc -l) = 2"),
                   0);
}

TARE_TEST(builds_that_were_asked_for_last_stay)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree first, second;
    struct worktree_plan plan = plan_for("some", "some/.tare/builds", "HEAD~1",
                                         "cp sub/value sub/built");

    if (!make_repository("some"))
        TARE_SKIP("no git here");
    TARE_REQUIRE_INT(worktree_build(&plan, &arena, &first, NULL), 0);
    plan.revision = "HEAD";
    TARE_REQUIRE_INT(worktree_build(&plan, &arena, &second, NULL), 0);
    TARE_REQUIRE_INT(worktree_keep_newest("some", plan.root, env, 2, NULL), 0);
    TARE_CHECK(file_exists(first.folder) && file_exists(second.folder));
    /* long ago, then one of them again */
    TARE_REQUIRE_INT(shell("touch -d 2026-01-01 some/.tare/builds/*"), 0);
    plan.revision = "HEAD~1";
    TARE_REQUIRE_INT(worktree_build(&plan, &arena, &first, NULL), 0);
    TARE_CHECK(first.cached);
    TARE_REQUIRE_INT(worktree_keep_newest("some", plan.root, env, 1, NULL), 0);
    TARE_CHECK(file_exists(first.folder));
    TARE_CHECK(!file_exists(second.folder));
    TARE_CHECK_INT(worktree_keep_newest("some", "some/none", env, 1, NULL), 0);
}

TARE_TEST(names_that_are_no_revisions)
{
    static const struct {
        const char *name, *text;
        int rc;
    } bad[] = {
        {"-q", "'-q' is not the name of a revision", ERR_USAGE},
        {"", "'' is not the name of a revision", ERR_USAGE},
        {"a\nb", "is not the name of a revision", ERR_USAGE},
        {"v1-dirty", "'v1-dirty' names changed sources, which no commit holds",
         ERR_USAGE},
        {"nowhere", "there is no revision 'nowhere'", ERR_EMPTY},
        {"HEAD:sub/value", "there is no revision 'HEAD:sub/value'", ERR_EMPTY},
        {"one..HEAD", "there is no revision 'one..HEAD'", ERR_EMPTY},
    };
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree w;

    if (!make_repository("names"))
        TARE_SKIP("no git here");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct worktree_plan plan =
            plan_for("names", "names/b", bad[i].name, "true");
        struct error err = {0};

        TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), bad[i].rc);
        TARE_CHECK(strstr(err.text, bad[i].text));
        TARE_CHECK(err.help[0]);
    }
    TARE_CHECK(!file_exists("names/b"));
}

TARE_TEST(a_shallow_clone_says_how_to_deepen_it)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree_plan plan = plan_for("flat", "flat/b", "HEAD~1", "true");
    struct worktree w;
    struct error err = {0};

    if (!make_repository("deep"))
        TARE_SKIP("no git here");
    TARE_REQUIRE_INT(shell("rm -rf flat && git clone -q --depth 1 "
                           "\"file://$PWD/deep\" flat"),
                     0);
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_EMPTY);
    TARE_CHECK_STR(err.text, "revision 'HEAD~1' is not in this shallow clone");
    TARE_CHECK(strstr(err.help, "--unshallow"));
}

TARE_TEST(a_failed_build_shows_its_end_and_is_not_cached)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree_plan plan =
        plan_for("fails", "fails/b", "one",
                 "echo compiling; echo 'a.c:1: broken' >&2; exit 3");
    struct worktree w;
    struct error err = {0};

    if (!make_repository("fails"))
        TARE_SKIP("no git here");
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_PEER);
    TARE_CHECK(strstr(err.text, "failed with status 3: "
                                "compiling|a.c:1: broken"));
    TARE_CHECK(strstr(err.help, "/log"));
    err = (struct error){0};
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_PEER);
    TARE_CHECK(strstr(err.text, "failed with status 3"));
}

static double seconds_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

TARE_TEST(a_build_that_hangs_is_stopped_with_its_children)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree_plan plan =
        plan_for("hangs", "hangs/b", "one",
                 "sleep 1000 & echo $! >../../pid; sleep 1000");
    struct worktree w;
    struct error err = {0};
    double began = seconds_now();
    int child;

    if (!make_repository("hangs"))
        TARE_SKIP("no git here");
    plan.timeout_ns = 300000000;
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_TIMEOUT);
    TARE_CHECK(strstr(err.text, "did not end within 0.3 s"));
    TARE_CHECK(seconds_now() - began < 100);
    child = number_in("hangs/b", "pid");
    TARE_REQUIRE(child > 1);
    /* it is gone, or a zombie of whoever adopts orphans here; a busy machine
     * may take a moment to end it */
    TARE_CHECK_INT(shell("for i in $(seq 200); do "
                         "grep -qs '^State:.[^ZX]' /proc/%d/status || exit 0; "
                         "sleep 0.05; done; exit 1",
                         child),
                   0);
    plan.command = "exit 0";
    plan.stop = &(const int){1};
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_STOPPED);
}

TARE_TEST(a_folder_without_repository_or_folder)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct worktree_plan plan;
    struct worktree w;
    struct error err = {0};

    if (!make_repository("late"))
        TARE_SKIP("no git here");
    TARE_REQUIRE_INT(shell("mkdir -p late/newer && cd late/newer && "
                           "echo 1 >x && git add . && git commit -qm new"),
                     0);
    plan = plan_for("late/newer", "late/b", "one", "true");
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_EMPTY);
    TARE_CHECK_STR(err.text,
                   "revision 'one' does not have the folder 'newer/'");
    plan = plan_for("/", "late/c", "one", "true");
    TARE_CHECK_INT(worktree_build(&plan, &arena, &w, &err), ERR_EMPTY);
    TARE_CHECK(strstr(err.text, "is not in a git repository"));
}
