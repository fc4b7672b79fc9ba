/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers of what dynamic linkers, the kernel and manifests write. */
#include <config.h>

#include "bench/tare.h"
#include "tests/unit/store/fixture.h"

#include <stdlib.h>

#include "store/elf.h"
#include "store/kept.h"
#include "store/libraries.h"
#include "store/parts.h"
#include "store/programs.h"

static int parse_list(const char *text, struct arena *arena,
                      struct libraries *out, struct error *err)
{
    return libraries_parse("ld.so", text, strlen(text), arena, out, err);
}

TARE_TEST(the_list_of_glibc)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct libraries l;

    TARE_REQUIRE_INT(
        parse_list("\tlinux-vdso.so.1 (0x00007fcdddb32000)\n"
                   "\tlibf.so => /tmp/a b (0x1)/libf.so (0x00007fcdddb20000)\n"
                   "\t/opt/x/libby.so (0x00007fcdddb20000)\n"
                   "\tlibgone.so.3 => not found\n"
                   "\t/lib64/ld-linux-x86-64.so.2 (0x00007fcdddb34000)\n",
                   &arena, &l, NULL),
        0);
    TARE_REQUIRE_INT(l.n, 4);
    TARE_CHECK_STR(l.library[0].name, "libf.so");
    TARE_CHECK_STR(l.library[0].path, "/tmp/a b (0x1)/libf.so");
    TARE_CHECK_STR(l.library[1].name, "/opt/x/libby.so");
    TARE_CHECK_STR(l.library[1].path, "/opt/x/libby.so");
    TARE_CHECK_STR(l.library[2].name, "libgone.so.3");
    TARE_CHECK_STR(l.library[2].path, "");
    TARE_CHECK_STR(l.library[3].path, "/lib64/ld-linux-x86-64.so.2");
}

TARE_TEST(the_list_of_musl)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct libraries l;

    TARE_REQUIRE_INT(
        parse_list("\t/lib/ld-musl-x86_64.so.1 (0x7f0a)\n"
                   "\tlibc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 "
                   "(0x7f0a)\n",
                   &arena, &l, NULL),
        0);
    TARE_REQUIRE_INT(l.n, 2);
    TARE_CHECK_STR(l.library[1].name, "libc.musl-x86_64.so.1");
    TARE_REQUIRE_INT(parse_list("\tstatically linked\n", &arena, &l, NULL), 0);
    TARE_CHECK_INT(l.n, 0);
    TARE_REQUIRE_INT(parse_list("", &arena, &l, NULL), 0);
}

TARE_TEST(a_list_of_something_else_is_refused)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct libraries l;
    struct error err = {0};

    TARE_CHECK_INT(
        parse_list("\tlibf.so => /x (0x1)\nhello\n", &arena, &l, &err),
        ERR_PARSE);
    TARE_CHECK_INT(err.line, 2);
    TARE_CHECK_INT(parse_list(" (0x12)", &arena, &l, NULL), ERR_PARSE);
}

TARE_TEST(the_elf_file_of_this_test)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    SCOPED(free_scoped) char *text = NULL;
    struct elf_file elf;
    size_t size;
    bool has_libc = false;

    TARE_REQUIRE_INT(
        file_read("/proc/self/exe", (size_t)1 << 30, &text, &size, NULL), 0);
    TARE_REQUIRE_INT(elf_parse("self", text, size, &arena, &elf, NULL), 0);
    TARE_CHECK(elf_runs_here(elf.machine));
    TARE_CHECK(elf.interpreter[0] == '/');
    for (size_t i = 0; i < elf.n_needed; i++)
        has_libc |= strncmp(elf.needed[i], "libc.", 5) == 0;
    TARE_CHECK(has_libc);
    /* cut anywhere in its tables it is refused, not read beyond its end */
    for (size_t cut = 0; cut < 4096 && cut < size; cut += 7) {
        SCOPED(free_scoped) char *part = malloc(cut + 1);

        memcpy(part, text, cut);
        if (elf_parse("cut", part, cut, &arena, &elf, NULL) == 0)
            TARE_CHECK(elf.interpreter[0] == '\0' || cut > 64);
    }
}

static const char manifest_text[] =
    "tare-program 1\n"
    "fingerprint "
    "0000000000000000000000000000000000000000000000000000000000000001\n"
    "kind dynamic\n"
    "load preload\n"
    "source /home/u/my prog\n"
    "program "
    "0000000000000000000000000000000000000000000000000000000000000002 my prog\n"
    "library "
    "0000000000000000000000000000000000000000000000000000000000000003 "
    "libf.so.1 /home/u/l i b/libf.so.1\n"
    "system "
    "0000000000000000000000000000000000000000000000000000000000000004 "
    "libc.so.6 /lib/libc.so.6\n";

static int parse_manifest(const char *text, struct arena *arena,
                          struct kept_program *out, struct error *err)
{
    struct manifest manifest;
    int rc = manifest_read("manifest", text, strlen(text), "/k/1", arena,
                           &manifest, err);

    if (rc == 0)
        *out = manifest.kept;
    return rc;
}

TARE_TEST(manifests_are_read)
{
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct kept_program k;
    struct error err = {0};

    TARE_REQUIRE_INT(parse_manifest(manifest_text, &arena, &k, &err), 0);
    TARE_CHECK_STR(k.exec, "/k/1/bin/my prog");
    TARE_CHECK_STR(k.source, "/home/u/my prog");
    TARE_REQUIRE_INT(k.n_libraries, 1);
    TARE_CHECK_STR(k.library[0].path, "/k/1/lib/libf.so.1");
    TARE_CHECK_STR(k.library[0].source, "/home/u/l i b/libf.so.1");
    TARE_REQUIRE_INT(k.n_system, 1);
    TARE_CHECK_STR(k.system[0].path, "/lib/libc.so.6");
}

/* The manifest with the first `from` replaced by `to`. */
static char *edited(const char *from, const char *to)
{
    const char *at = strstr(manifest_text, from);
    char *text = NULL;

    if (!at || asprintf(&text, "%.*s%s%s", (int)(at - manifest_text),
                        manifest_text, to, at + strlen(from)) < 0)
        abort();
    return text;
}

TARE_TEST(damaged_manifests_are_refused_with_their_line)
{
    static const struct {
        const char *from, *to;
        unsigned line;
    } bad[] = {
        {"tare-program 1", "tare-program 2", 1},
        {"tare-program", "something", 1},
        {"fingerprint 00", "fingerprint 0x", 2},
        {"kind dynamic", "kind magic", 3},
        {"kind dynamic", "kin dynamic", 3},
        {"load preload", "load", 4},
        {"load preload", "load preload\nload preload", 5},
        {"my prog\nl", "../../sh\nl", 6},
        {"libf.so.1 /", "../libf.so.1 /", 7},
        {" /lib/libc.so.6", "", 8},
        {" /lib/libc.so.6", " libc.so.6", 8},
        {"kind dynamic\n", "", 8},
        {"libc.so.6\n", "libc.so.6", 8},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        SCOPED(arena_clear_scoped) struct arena arena = {0};
        SCOPED(free_scoped) char *text = edited(bad[i].from, bad[i].to);
        struct kept_program k;
        struct error err = {0};

        TARE_CHECK_INT(parse_manifest(text, &arena, &k, &err), ERR_PARSE);
        TARE_CHECK_INT(err.line, bad[i].line);
        TARE_CHECK(err.help[0]);
    }
}

#define LINE(perms, path) "7f00-7f01 " perms " 00000000 fe:00 123    " path "\n"

TARE_TEST(what_is_mapped_is_verified)
{
    static const struct {
        const char *maps;
        int rc;
        const char *names; /* in the error */
    } cases[] = {
        {LINE("r--p", "/etc/locale") LINE("r-xp", "/k/1/bin/my prog")
             LINE("r-xp", "/k/1/lib/libf.so.1") LINE(
                 "r-xp",
                 "/lib/libc.so.6") "7f00-7f01 rwxp 00000000 00:00 0 \n"
                                   "7f00-7f01 r-xp 00000000 00:00 0    [vdso]\n",
         0, ""},
        {LINE("r-xp", "/k/1/bin/my prog") LINE("r-xp", "/home/u/libf.so.1"),
         ERR_PEER, "/home/u/libf.so.1"},
        {LINE("r-xp", "/k/1/bin/my prog"), ERR_PEER, "/k/1/lib/libf.so.1"},
        {LINE("r-xp", "/k/1/lib/libf.so.1"), ERR_PEER, "/k/1/bin/my prog"},
        {LINE("r-xp", "/k/1/bin/my prog (deleted)"), ERR_PEER, "deleted"},
        {LINE("r-xp", "/k/1/bin/my prog") LINE("r-xp", "/k/1/lib/libf.so.1")
             LINE("r-xp", "/lib/libc.so.6 (deleted)"),
         ERR_PEER, "libc"},
        {LINE("r-xp", "/k/1/bin/my prog") LINE("r-xp", "/k/1/lib/libf.so.1")
             LINE("r-xp", "/home/u/helper.so"),
         0, ""},
        {"nonsense\n", ERR_PARSE, ""},
    };
    static const char *const allowed[] = {"/home/u/helper.so"};
    SCOPED(arena_clear_scoped) struct arena arena = {0};
    struct kept_program k;

    TARE_REQUIRE_INT(parse_manifest(manifest_text, &arena, &k, NULL), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};

        TARE_CHECK_INT(programs_check_mapped("/proc/1/maps", cases[i].maps,
                                             strlen(cases[i].maps), &k, allowed,
                                             1, &err),
                       cases[i].rc);
        TARE_CHECK(strstr(err.text, cases[i].names));
    }
}

TARE_TEST(first_lines_of_scripts)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"#!/bin/sh\n", "/bin/sh"},
        {"#! \t/bin/sh -eu\nx", "/bin/sh"},
        {"#!/bin/sh", "/bin/sh"},
        {"#!/usr/bin/env sh\n", "/bin/sh"},
        {"#!/usr/bin/env -S A=b sh -x\n", "/bin/sh"},
        {"no", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(arena_clear_scoped) struct arena arena = {0};
        const char *path = "unset";

        TARE_CHECK_INT(
            script_interpreter("s", cases[i].text, strlen(cases[i].text),
                               "/nowhere::/bin", &arena, &path, NULL),
            0);
        TARE_CHECK_STR(path, cases[i].want);
    }
}

TARE_TEST(folders_of_the_system)
{
    TARE_CHECK(program_is_system_path("/lib/x86_64-linux-gnu/libc.so.6"));
    TARE_CHECK(program_is_system_path("/usr/lib64/libm.so.6"));
    TARE_CHECK(!program_is_system_path("/usr/local/lib/libx.so"));
    TARE_CHECK(!program_is_system_path("/library/libx.so"));
    TARE_CHECK(!program_is_system_path("lib/libx.so"));
}
