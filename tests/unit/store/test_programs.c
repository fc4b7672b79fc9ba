/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real programs, built here with the compiler that builds the project: each
 * test works in a folder of its own. */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/command.h"
#include "store/programs.h"

DEFINE_SCOPED(struct programs *, programs_free)

/* Run a shell line; its exit status. */
PRINTF_LIKE(1, 2)
static int shell(const char *fmt, ...)
{
    char line[2048];
    const char *path = getenv("PATH"), *cc = getenv("CC");
    char path_set[4096], cc_set[512];
    const char *const argv[] = {"/bin/sh", "-c", line, NULL};
    const char *const env[] = {path_set, cc_set, NULL};
    struct command command = {
        .argv = argv, .env = env, .timeout_ns = 60000000000};
    struct command_result r = {0};
    va_list ap;
    int status;

    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    snprintf(path_set, sizeof path_set, "PATH=%s",
             path ? path : "/usr/bin:/bin");
    snprintf(cc_set, sizeof cc_set, "CC=%s", cc ? cc : "cc");
    if (command_run(&command, &r, NULL) < 0)
        return -1;
    if (r.exit_status)
        fprintf(stderr, "%s\n%s", line, strbuf_text(&r.err));
    status = r.exit_status;
    command_result_clear(&r);
    return status;
}

/* In `folder`: lib/libanswer.so.1 (soname unless `soname` is "") that answers
 * `answer`, and bin/prog that prints it, linked with `flags`. */
static int build(const char *folder, int answer, const char *soname,
                 const char *flags)
{
    return shell("rm -rf %s && mkdir -p %s/lib %s/bin && cd %s && "
                 "echo 'int answer(void){return %d;}' >a.c && "
                 "echo 'int printf(const char*,...);int answer(void);"
                 "int main(void){printf(\"%%d\",answer());return 0;}' >m.c "
                 "&& $CC -shared -fPIC %s%s -o lib/libanswer.so.1 a.c && "
                 "ln -sf libanswer.so.1 lib/libanswer.so && "
                 "$CC -o bin/prog m.c %s",
                 folder, folder, folder, folder, answer,
                 soname[0] ? "-Wl,-soname," : "", soname, flags);
}

/* Only the library again. */
static int rebuild_library(const char *folder, int answer)
{
    return shell("cd %s && echo 'int answer(void){return %d;}' >a.c && "
                 "rm lib/libanswer.so.1 && $CC -shared -fPIC "
                 "-Wl,-soname,libanswer.so.1 -o lib/libanswer.so.1 a.c",
                 folder, answer);
}

/* What a program prints in an environment, as a number. */
static int run(const char *path, const char *const *set, size_t n)
{
    const char *const argv[] = {path, NULL};
    const char *env[4] = {NULL};
    struct command command = {
        .argv = argv, .env = env, .timeout_ns = 20000000000};
    struct command_result r = {0};
    int answer = -1;

    for (size_t i = 0; i < n && i < 3; i++)
        env[i] = set[i];
    if (command_run(&command, &r, NULL) < 0)
        return -1;
    if (r.exit_status == 0)
        answer = atoi(strbuf_text(&r.out));
    command_result_clear(&r);
    return answer;
}

/* Keep FOLDER/bin/prog, change the library at its place to another answer, and
 * run both. */
static void keep_and_change(struct tare *t, const char *folder,
                            const struct programs_env *env)
{
    SCOPED(programs_free_scoped) struct programs *p = NULL;
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct error err = {0};
    struct kept_program kept;
    char root[256], prog[256], hex[HASH_HEX], before[HASH_HEX], now[HASH_HEX];
    const char *library_path[1] = {"LD_LIBRARY_PATH="};
    char set[512];

    snprintf(root, sizeof root, "%s/kept", folder);
    snprintf(prog, sizeof prog, "%s/bin/prog", folder);
    if (env->library_path) {
        snprintf(set, sizeof set, "LD_LIBRARY_PATH=%s", env->library_path);
        library_path[0] = set;
    }
    p = programs_new(root, env);
    TARE_REQUIRE(p);
    TARE_CHECK_INT(run(prog, library_path, 1), 41);
    if (programs_keep(p, prog, hex, &err) < 0)
        error_print(&err, stderr);
    TARE_REQUIRE_INT(err.code, 0);
    TARE_REQUIRE_INT(programs_fingerprint(p, prog, before, NULL), 0);
    TARE_CHECK_STR(before, hex);

    TARE_REQUIRE_INT(rebuild_library(folder, 42), 0);
    TARE_CHECK_INT(run(prog, library_path, 1), 42);
    TARE_REQUIRE_INT(programs_fingerprint(p, prog, now, NULL), 0);
    TARE_CHECK(strcmp(now, hex) != 0);

    TARE_REQUIRE_INT(programs_find(p, hex, &arena, &kept, &err), 0);
    TARE_CHECK_INT(run(kept.exec, kept.env, kept.n_env), 41);
    TARE_CHECK_STR(kept.note, "");
    TARE_CHECK_INT(kept.n_libraries, 1);
    TARE_CHECK(kept.n_system >= 1);
}

TARE_TEST(a_kept_program_keeps_its_library_found_by_runpath)
{
    TARE_REQUIRE_INT(build("runpath", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,--enable-new-dtags,-rpath,"
                           "$PWD/lib"),
                     0);
    keep_and_change(t, "runpath", &(struct programs_env){0});
}

TARE_TEST(a_kept_program_keeps_its_library_found_by_rpath)
{
    TARE_REQUIRE_INT(build("rpath", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,--disable-new-dtags,-rpath,"
                           "$PWD/lib"),
                     0);
    keep_and_change(t, "rpath", &(struct programs_env){0});
}

TARE_TEST(a_kept_program_keeps_its_library_found_by_origin)
{
    TARE_REQUIRE_INT(build("origin", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,-rpath,'$ORIGIN/../lib'"),
                     0);
    keep_and_change(t, "origin", &(struct programs_env){0});
}

TARE_TEST(a_kept_program_keeps_its_library_found_by_the_environment)
{
    char folder[512], path[600];

    TARE_REQUIRE_INT(build("env", 41, "libanswer.so.1", "-Llib -lanswer"), 0);
    TARE_REQUIRE(getcwd(folder, sizeof folder));
    snprintf(path, sizeof path, "%s/env/lib", folder);
    keep_and_change(t, "env", &(struct programs_env){.library_path = path});
}

TARE_TEST(a_library_linked_by_its_path_cannot_be_kept)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("bypath/kept", &(struct programs_env){0});
    struct error err = {0};
    char hex[HASH_HEX];
    struct stat st;

    TARE_REQUIRE_INT(build("bypath", 41, "", "$PWD/lib/libanswer.so.1"), 0);
    TARE_CHECK_INT(programs_keep(p, "bypath/bin/prog", hex, &err), ERR_PEER);
    TARE_CHECK(strstr(err.text, "libanswer.so.1"));
    TARE_CHECK(strstr(err.help, "soname"));
    /* and nothing half-made is left: objects/ alone */
    TARE_CHECK_INT(shell("test \"$(ls -A bypath/kept)\" = objects"), 0);
    TARE_CHECK_INT(stat("bypath/kept/objects", &st), 0);
}

TARE_TEST(a_missing_library_is_named)
{
    SCOPED(programs_free_scoped)
    struct programs *p =
        programs_new("missing/kept", &(struct programs_env){0});
    struct error err = {0};
    char hex[HASH_HEX] = "untouched";

    TARE_REQUIRE_INT(build("missing", 41, "libanswer.so.1", "-Llib -lanswer"),
                     0);
    TARE_CHECK_INT(programs_keep(p, "missing/bin/prog", hex, &err), ERR_PEER);
    TARE_CHECK(strstr(err.text, "libanswer.so.1"));
    TARE_CHECK_STR(hex, "untouched");
}

TARE_TEST(static_programs_and_scripts_are_kept)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("plain/kept", &(struct programs_env){0});
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct kept_program kept;
    struct error err = {0};
    char hex[HASH_HEX];

    TARE_REQUIRE_INT(shell("mkdir -p plain && cd plain && "
                           "printf '#!/usr/bin/env -S sh\\necho 7\\n' >s && "
                           "chmod +x s && echo 'int printf(const char*,...);"
                           "int main(void){printf(\"6\");return 0;}' >m.c"),
                     0);
    TARE_REQUIRE_INT(programs_keep(p, "plain/s", hex, &err), 0);
    TARE_REQUIRE_INT(shell("printf '#!/bin/sh\\necho 8\\n' >plain/s"), 0);
    TARE_REQUIRE_INT(programs_find(p, hex, &arena, &kept, &err), 0);
    TARE_CHECK_INT(kept.kind, PROGRAM_SCRIPT);
    TARE_CHECK_INT(run(kept.exec, (const char *[]){"PATH=/usr/bin:/bin"}, 1),
                   7);
    TARE_CHECK_INT(programs_check_mapped("maps", "", 0, &kept, NULL, 0, NULL),
                   0);
    if (shell("cd plain && $CC -static -o m m.c") != 0)
        TARE_SKIP("no static libc");
    TARE_REQUIRE_INT(programs_keep(p, "plain/m", hex, &err), 0);
    TARE_REQUIRE_INT(programs_find(p, hex, &arena, &kept, &err), 0);
    TARE_CHECK_INT(kept.kind, PROGRAM_STATIC);
    TARE_CHECK_INT(kept.n_env, 0);
    TARE_CHECK_INT(run(kept.exec, NULL, 0), 6);
}

TARE_TEST(what_is_no_program_is_refused)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("refuse/kept", &(struct programs_env){0});
    static const struct {
        const char *path, *text;
    } bad[] = {
        {"refuse/none", "cannot open: No such file or directory"},
        {"refuse", "is a folder"},
        {"refuse/plain", "is not executable"},
        {"refuse/text", "is neither an ELF program nor a script"},
        {"refuse/gone", "its interpreter '/nowhere/sh' is missing"},
        {"refuse/o.o", "is an object file, not a program"},
        {"refuse/so", "is a shared library, not a program"},
        {"refuse/cut", "is a damaged program: its header ends too early"},
    };
    char hex[HASH_HEX];

    TARE_REQUIRE_INT(
        shell("mkdir -p refuse && cd refuse && echo x >plain && "
              "echo x >text && printf '#! /nowhere/sh -e\\n' >gone && "
              "echo 'int printf(const char*,...);"
              "int f(void){return printf(\"\");}' >f.c && "
              "$CC -c -o o.o f.c && $CC -shared -fPIC -o so f.c && "
              "head -c 40 so >cut && chmod +x text gone o.o so cut"),
        0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = {0};
        int rc = programs_fingerprint(p, bad[i].path, hex, &err);

        TARE_CHECK(rc == ERR_PEER || rc == ERR_PARSE);
        TARE_CHECK_STR(err.text, bad[i].text);
        TARE_CHECK(err.help[0]);
    }
}

TARE_TEST(fingerprints_follow_content_not_places)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("same/kept", &(struct programs_env){0});
    char a[HASH_HEX], b[HASH_HEX], c[HASH_HEX];

    TARE_REQUIRE_INT(build("same", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,-rpath,'$ORIGIN/../lib'"),
                     0);
    TARE_REQUIRE_INT(shell("rm -rf moved && cp -a same moved && "
                           "ln -sf ../moved/bin/prog same/link"),
                     0);
    TARE_REQUIRE_INT(programs_fingerprint(p, "same/bin/prog", a, NULL), 0);
    TARE_REQUIRE_INT(programs_fingerprint(p, "moved/bin/prog", b, NULL), 0);
    TARE_REQUIRE_INT(programs_fingerprint(p, "same/link", c, NULL), 0);
    TARE_CHECK_STR(a, b);
    TARE_CHECK_STR(a, c);
    TARE_REQUIRE_INT(rebuild_library("moved", 43), 0);
    TARE_REQUIRE_INT(programs_fingerprint(p, "same/link", c, NULL), 0);
    TARE_CHECK(strcmp(a, c) != 0);
}

TARE_TEST(equal_libraries_take_their_room_once_and_pruning_frees_it)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("dedup/kept", &(struct programs_env){0});
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    char a[HASH_HEX], b[HASH_HEX];
    const char *keep[] = {b};
    const char **all;
    struct kept_program kept;
    uint64_t bytes = 0;
    size_t n = 0;
    struct stat st;

    TARE_REQUIRE_INT(build("dedup", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,-rpath,$PWD/lib"),
                     0);
    TARE_REQUIRE_INT(programs_keep(p, "dedup/bin/prog", a, NULL), 0);
    TARE_REQUIRE_INT(shell("cd dedup && rm bin/prog && $CC -O2 -DX -g -o "
                           "bin/prog m.c -Llib -lanswer -Wl,-rpath,$PWD/lib"),
                     0);
    TARE_REQUIRE_INT(programs_keep(p, "dedup/bin/prog", b, NULL), 0);
    TARE_REQUIRE_INT(programs_keep(p, "dedup/bin/prog", b, NULL), 0);
    TARE_REQUIRE(strcmp(a, b) != 0);
    TARE_REQUIRE_INT(programs_list(p, &arena, &all, &n, NULL), 0);
    TARE_REQUIRE_INT(n, 2);
    TARE_REQUIRE_INT(programs_find(p, b, &arena, &kept, NULL), 0);
    TARE_REQUIRE_INT(stat(kept.library[0].path, &st), 0);
    TARE_CHECK_INT(st.st_nlink, 3); /* two programs and the object */
    TARE_REQUIRE_INT(programs_prune(p, keep, 1, &n, &bytes, NULL), 0);
    TARE_CHECK_INT(n, 1);
    TARE_CHECK(bytes > 1000);
    TARE_REQUIRE_INT(programs_find(p, b, &arena, &kept, NULL), 0);
    TARE_CHECK_INT(run(kept.exec, kept.env, kept.n_env), 41);
    TARE_CHECK_INT(programs_find(p, a, &arena, &kept, NULL), ERR_EMPTY);
    TARE_REQUIRE_INT(programs_prune(p, NULL, 0, &n, NULL, NULL), 0);
    TARE_CHECK_INT(shell("test -z \"$(ls -A dedup/kept/objects)\""), 0);
}

TARE_TEST(processes_keep_the_same_program_at_once)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("race/kept", &(struct programs_env){0});
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    const char **all;
    pid_t pid[4];
    size_t n = 0;
    int status;

    TARE_REQUIRE_INT(build("race", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,-rpath,$PWD/lib"),
                     0);
    for (int i = 0; i < 4; i++) {
        char hex[HASH_HEX];

        pid[i] = fork();
        if (pid[i] == 0)
            _exit(programs_keep(p, "race/bin/prog", hex, NULL) < 0);
    }
    for (int i = 0; i < 4; i++) {
        waitpid(pid[i], &status, 0);
        TARE_CHECK_INT(status, 0);
    }
    TARE_REQUIRE_INT(programs_list(p, &arena, &all, &n, NULL), 0);
    TARE_CHECK_INT(n, 1);
    TARE_CHECK_INT(shell("test $(ls -A race/kept | wc -l) = 2"), 0);
}

TARE_TEST(a_damaged_copy_is_found_out)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("damage/kept", &(struct programs_env){0});
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct kept_program kept;
    struct error err = {0};
    char hex[HASH_HEX];

    TARE_REQUIRE_INT(build("damage", 41, "libanswer.so.1",
                           "-Llib -lanswer -Wl,-rpath,$PWD/lib"),
                     0);
    TARE_REQUIRE_INT(programs_keep(p, "damage/bin/prog", hex, NULL), 0);
    TARE_REQUIRE_INT(shell("cd damage/kept/*/lib && rm libanswer.so.1 && "
                           "echo x >libanswer.so.1"),
                     0);
    TARE_CHECK_INT(programs_find(p, hex, &arena, &kept, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text,
                   "the kept program is damaged: its content has changed");
    TARE_REQUIRE_INT(shell("rm damage/kept/*/lib/libanswer.so.1"), 0);
    TARE_CHECK_INT(programs_find(p, hex, &arena, &kept, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "the kept program is damaged: a file is missing");
    hex[10] = '\0';
    TARE_REQUIRE_INT(shell("for f in damage/kept/*/manifest; do "
                           "rm $f; echo nonsense >$f; done"),
                     0);
    TARE_CHECK_INT(programs_find(p, hex, &arena, &kept, &err), ERR_PARSE);
    TARE_CHECK_INT(err.line, 1);
    hex[0] = hex[0] == 'f' ? 'e' : 'f';
    TARE_CHECK_INT(programs_find(p, hex, &arena, &kept, NULL), ERR_EMPTY);
    TARE_CHECK_INT(programs_find(p, "xyz", &arena, &kept, NULL), ERR_USAGE);
}

TARE_TEST(a_libtool_wrapper_stands_for_the_program_behind_it)
{
    SCOPED(programs_free_scoped)
    struct programs *p = programs_new("wrap/kept", &(struct programs_env){0});
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    const char *builddir = getenv("builddir");
    struct kept_program kept;
    struct program_parts parts;
    struct error err = {0};
    char hex[HASH_HEX], real[HASH_HEX];

    if (!builddir ||
        shell("rm -rf wrap && mkdir -p wrap && cd wrap && "
              "echo 'int answer(void){return 41;}' >a.c && "
              "echo 'int printf(const char*,...);int answer(void);"
              "int main(void){printf(\"%%d\",answer());return 0;}' >m.c && "
              "L=\"sh %s/libtool --silent --tag=CC\" && "
              "$L --mode=compile $CC -c a.c && "
              "$L --mode=link $CC -o libanswer.la a.lo -rpath /usr/local/lib "
              "&& $CC -c m.c && "
              "$L --mode=link $CC -o prog m.o libanswer.la",
              builddir) != 0)
        TARE_SKIP("no libtool script here");
    TARE_REQUIRE_INT(shell("head -c 2 wrap/prog | grep -q '#!'"), 0);
    TARE_REQUIRE_INT(programs_parts(p, "wrap/prog", &arena, &parts, &err), 0);
    TARE_CHECK_INT(parts.kind, PROGRAM_DYNAMIC);
    TARE_CHECK(strstr(parts.path, "/wrap/.libs/"));
    TARE_REQUIRE_INT(programs_keep(p, "wrap/prog", hex, &err), 0);
    TARE_REQUIRE_INT(
        shell("cd wrap && echo 'int answer(void){return 42;}' >a.c && "
              "sh %s/libtool --silent --tag=CC --mode=compile $CC -c a.c && "
              "rm .libs/libanswer.so* && $CC -shared -fPIC "
              "-Wl,-soname,libanswer.so.0 -o .libs/libanswer.so.0 a.c",
              builddir),
        0);
    TARE_REQUIRE_INT(programs_find(p, hex, &arena, &kept, &err), 0);
    TARE_CHECK_INT(run(kept.exec, kept.env, kept.n_env), 41);
    TARE_REQUIRE_INT(programs_fingerprint(p, "wrap/prog", real, &err), 0);
    TARE_CHECK(strcmp(real, hex) != 0);
}
