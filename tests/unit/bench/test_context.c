/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a case can ask about itself and its surroundings. */
#include <config.h>

#include "bench/context.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tare context;

TARE_TEST(parameters_of_all_kinds,
          .args = "n=4Ki; x=2.5,-1e-3,3; hex=0x10; word=two")
{
    static const double x[] = {2.5, -1e-3, 3};
    int found = 0;

    TARE_CHECK_INT(tare_int(t, "n"), 4096);
    TARE_CHECK_INT(tare_int(t, "hex"), 16);
    TARE_CHECK_STR(tare_str(t, "word"), "two");
    TARE_CHECK_REL(tare_double(t, "n"), 4096, 0);
    for (size_t i = 0; i < 3; i++)
        found += tare_double(t, "x") == x[i];
    TARE_CHECK_INT(found, 1);
}

/* A program that speaks German still reads 2.5. */
TARE_TEST(numbers_do_not_depend_on_the_locale, .args = "x=2.5")
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        TARE_SKIP("no German locale");
    TARE_CHECK_REL(tare_double(t, "x"), 2.5, 0);
}

TARE_TEST(id_and_data, .args = "n=7", .data = &context)
{
    TARE_CHECK_STR(tare_id(t), "id_and_data[n=7]");
    TARE_CHECK(tare_data(t) == &context);
    TARE_CHECK_INT(tare_samples(t), 0);
    TARE_CHECK_INT(tare_threads(t), 1);
    TARE_CHECK_INT(tare_thread(t), 0);
}

static uint64_t seed_of(const char *id, const char *seed)
{
    static struct tarei_case item;

    if (seed)
        setenv("TARE_SEED", seed, 1);
    else
        unsetenv("TARE_SEED");
    snprintf(item.id, sizeof item.id, "%s", id);
    tarei_context_begin(&context, &item);
    return tare_seed(&context);
}

TARE_TEST(seeds_depend_on_run_and_case)
{
    TARE_CHECK(seed_of("a", "1") == seed_of("a", NULL));
    TARE_CHECK(seed_of("a", "1") == seed_of("a", "not a number"));
    TARE_CHECK(seed_of("a", "1") != seed_of("a", "2"));
    TARE_CHECK(seed_of("a", "1") != seed_of("b", "1"));
    TARE_CHECK(seed_of("a", "18446744073709551615") != seed_of("a", "1"));
}

TARE_TEST(ports_are_of_the_block)
{
    setenv("TARE_PORT_BASE", "31000", 1);
    TARE_CHECK_INT(tare_port(t, 0), 31000);
    TARE_CHECK_INT(tare_port(t, 99), 31099);
    unsetenv("TARE_PORT_BASE");
    TARE_CHECK(tare_port(t, 0) >= 20000 && tare_port(t, 99) < 32768);
}

static void ask_port(struct tare *b, void *arg)
{
    tare_port(b, *(int *)arg);
}

TARE_TEST(ports_out_of_range)
{
    int high = 100, zero = 0;

    tarei_context_begin(&context, t->item);
    TARE_CHECK_INT(tarei_context_call(&context, ask_port, &high), 1);
    TARE_CHECK(strstr(context.message, "port 100 is outside of the block"));
    setenv("TARE_PORT_BASE", "70000", 1);
    tarei_context_begin(&context, t->item);
    TARE_CHECK_INT(tarei_context_call(&context, ask_port, &zero), 1);
    TARE_CHECK_STR(context.message, "TARE_PORT_BASE is 70000, no port");
}

TARE_TEST(folders_are_private_and_removed_with_what_is_in_them)
{
    char path[PATH_MAX + 8], file[PATH_MAX + 32];
    struct stat st;
    int fd;

    tarei_context_begin(&context, t->item);
    snprintf(path, sizeof path, "%s", tare_tmpdir(&context));
    TARE_CHECK_STR(tare_tmpdir(&context), path);
    TARE_REQUIRE(stat(path, &st) == 0);
    TARE_CHECK_INT(st.st_mode & 0777, 0700);
    snprintf(file, sizeof file, "%s/deep", path);
    TARE_REQUIRE(mkdir(file, 0700) == 0);
    snprintf(file, sizeof file, "%s/deep/file", path);
    fd = open(file, O_CREAT | O_WRONLY, 0600);
    TARE_REQUIRE(fd >= 0);
    close(fd);
    snprintf(file, sizeof file, "%s/out", path);
    TARE_REQUIRE(symlink("/", file) == 0);
    tarei_context_remove_tmpdir(&context);
    TARE_CHECK(stat(path, &st) != 0);
    TARE_CHECK(stat("/", &st) == 0);
    tarei_context_remove_tmpdir(&context);
}

TARE_TEST(folders_are_made_where_the_worker_says)
{
    char root[PATH_MAX];

    snprintf(root, sizeof root, "%s", tare_tmpdir(t));
    setenv("TARE_TMPDIR", root, 1);
    tarei_context_begin(&context, t->item);
    TARE_CHECK_INT(strncmp(tare_tmpdir(&context), root, strlen(root)), 0);
    tarei_context_remove_tmpdir(&context);
}

static void ask_folder(struct tare *b, void *arg)
{
    (void)arg;
    tare_tmpdir(b);
}

TARE_TEST(a_folder_that_cannot_be_made)
{
    setenv("TARE_TMPDIR", "/no/such/folder", 1);
    tarei_context_begin(&context, t->item);
    TARE_CHECK_INT(tarei_context_call(&context, ask_folder, NULL), 1);
    TARE_CHECK_STR(context.message,
                   "cannot make a temporary folder in '/no/such/folder': No "
                   "such file or directory");
}

/* The first message is the reason; what follows from it is counted. */
TARE_TEST(the_first_failure_is_the_message)
{
    tarei_context_begin(&context, t->item);
    tarei_context_fail(&context, "first %d", 1);
    tarei_context_fail(&context, "second");
    TARE_CHECK_STR(context.message, "first 1");
    TARE_CHECK_INT(context.failures, 2);
    TARE_CHECK_INT(context.outcome, OUTCOME_FAILED);
}

TARE_TEST(versions_agree)
{
    TARE_CHECK_INT(tare_version(), TARE_VERSION);
}
