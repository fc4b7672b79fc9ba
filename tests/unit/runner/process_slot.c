/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots and captured output. */
#include <config.h>

#include "runner/process/slot.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/tare.h"
#include "tests/unit/runner/process_support.h"

/* --- slots */

/* Value of a variable in a list, NULL when it is not set once. */
static const char *value_of(char *const *env, const char *name)
{
    const char *found = NULL;
    size_t size = strlen(name);

    for (; env && *env; env++)
        if (strncmp(*env, name, size) == 0 && (*env)[size] == '=') {
            if (found)
                return NULL;
            found = *env + size + 1;
        }
    return found;
}

TARE_TEST(an_environment_says_what_the_slot_is)
{
    const int cpus[] = {2, 5};
    const struct slot_options options = {.worker = "w3",
                                         .workers = 4,
                                         .cpus = cpus,
                                         .n_cpus = 2,
                                         .port_base = 20300};
    char *base[] = {(char[]){"PATH=/bin"}, (char[]){"TARE_SLOT=outer"},
                    (char[]){"TARE_X=1"}, (char[]){"HOME=/h"}, NULL};
    char *extra[] = {(char[]){"HOME=/mine"}, (char[]){"TARE_SEED=5"}, NULL};
    struct guardian *g = need_guardian();
    struct arena arena = {0};
    struct slot *slot = NULL;
    char **env;

    TARE_REQUIRE_INT(slot_open(g, &options, &slot, NULL), 0);
    env = slot_environment(slot, base, extra, 9, &arena);
    TARE_REQUIRE(env != NULL);
    TARE_CHECK_STR(value_of(env, "PATH"), "/bin");
    TARE_CHECK_STR(value_of(env, "HOME"), "/mine");
    TARE_CHECK_STR(value_of(env, "TARE_SEED"), "5");
    TARE_CHECK(value_of(env, "TARE_X") == NULL);
    TARE_CHECK_STR(value_of(env, "TARE_WORKER"), "w3");
    TARE_CHECK_STR(value_of(env, "TARE_WORKERS"), "4");
    TARE_CHECK_STR(value_of(env, "TARE_CPUS"), "2,5");
    TARE_CHECK_STR(value_of(env, "TARE_PORT_BASE"), "20300");
    TARE_CHECK_STR(value_of(env, "TARE_TMPDIR"), slot->folder);
    TARE_CHECK(strncmp(value_of(env, "TARE_SLOT"), slot->mark,
                       strlen(slot->mark)) == 0);
    arena_clear(&arena);
    slot_close(slot);
    guardian_stop(g);
}

static size_t padding(struct slot *slot, uint64_t seed)
{
    struct arena arena = {0};
    char **env = slot_environment(slot, NULL, NULL, seed, &arena);
    const char *text = value_of(env, "TARE_PADDING");
    size_t size = text ? strlen(text) : SIZE_MAX;

    arena_clear(&arena);
    return size;
}

TARE_TEST(the_seed_draws_the_padding)
{
    struct guardian *g = need_guardian();
    struct slot *slot = need_slot(g, 0);
    size_t low = SIZE_MAX, high = 0;

    for (uint64_t seed = 0; seed < 200; seed++) {
        size_t size = padding(slot, seed);

        TARE_CHECK_INT(padding(slot, seed), size);
        low = size < low ? size : low;
        high = size > high ? size : high;
    }
    /* 200 draws from 0..4096 that all miss an end tenth: below 1e-9. */
    TARE_CHECK(low < SLOT_PADDING_MAX / 10);
    TARE_CHECK(high > SLOT_PADDING_MAX / 10 * 9 && high <= SLOT_PADDING_MAX);
    slot_close(slot);
    guardian_stop(g);
}

TARE_TEST(every_start_has_its_own_mark)
{
    struct guardian *g = need_guardian();
    struct slot *slot = need_slot(g, 0);
    struct arena arena = {0};
    char **one = slot_environment(slot, NULL, NULL, 1, &arena);
    char **two = slot_environment(slot, NULL, NULL, 1, &arena);

    TARE_CHECK(strcmp(value_of(one, "TARE_SLOT"), value_of(two, "TARE_SLOT")) !=
               0);
    arena_clear(&arena);
    slot_close(slot);
    guardian_stop(g);
}

TARE_TEST(the_folder_is_private_and_goes_away)
{
    struct guardian *g = need_guardian();
    struct slot *slot = need_slot(g, 1);
    char folder[PATH_MAX], file[PATH_MAX + 8];
    struct stat st;

    snprintf(folder, sizeof folder, "%s", slot->folder);
    TARE_REQUIRE_INT(stat(folder, &st), 0);
    TARE_CHECK_INT(st.st_mode & 0777, 0700);
    TARE_CHECK(folder[0] == '/' && strstr(folder, "/tare-w0b-"));
    snprintf(file, sizeof file, "%s/file", folder);
    TARE_CHECK_INT(file_write_atomic(file, "x", 1, NULL), 0);
    TARE_CHECK_INT(slot_clean(slot, NULL), 0);
    TARE_CHECK(file_exists(folder) && !file_exists(file));
    slot_close(slot);
    TARE_CHECK(!file_exists(folder));
    guardian_stop(g);
}

TARE_TEST(names_a_folder_for_temporary_files_that_is_not_there)
{
    const struct slot_options options = {.worker = "w0",
                                         .tmpdir = "/no/such/folder"};
    struct guardian *g = need_guardian();
    struct slot *slot = NULL;
    struct error err = {0};

    TARE_CHECK_INT(slot_open(g, &options, &slot, &err), ERR_SYS);
    TARE_CHECK_STR(err.file, "/no/such/folder");
    TARE_CHECK(strstr(err.help, "TMPDIR"));
    TARE_CHECK(slot == NULL);
    guardian_stop(g);
}

/* --- output */

static void print(const struct capture *output, const char *text)
{
    if (write(output->fd, text, strlen(text)) < 0)
        _exit(99);
}

TARE_TEST(keeps_what_was_printed)
{
    struct capture output = {0};
    struct strbuf text = {0};

    TARE_REQUIRE_INT(capture_open(&output, 0, NULL), 0);
    print(&output, "one\n");
    print(&output, "two\n");
    capture_read(&output, 0, &text);
    TARE_CHECK_STR(strbuf_text(&text), "one\ntwo\n");
    strbuf_clear(&text);
    capture_read(&output, 3, &text);
    TARE_CHECK_STR(strbuf_text(&text), "wo\n");
    strbuf_clear(&text);
    capture_reset(&output);
    print(&output, "three");
    TARE_CHECK_STR(output_text(&output), "three");
    capture_close(&output);
}

TARE_TEST(drops_the_oldest_beyond_its_cap)
{
    struct capture output = {0};
    struct strbuf text = {0};
    size_t total = 0;

    TARE_REQUIRE_INT(capture_open(&output, 1000, NULL), 0);
    for (int i = 0; i < 5000; i++) {
        char line[32];

        total += (size_t)snprintf(line, sizeof line, "line %d\n", i);
        print(&output, line);
        if (i % 100 == 0)
            capture_trim(&output);
    }
    capture_read(&output, 0, &text);
    TARE_CHECK_INT(text.size + output.dropped, total);
    TARE_CHECK(text.size < 40000);
    TARE_CHECK(strstr(strbuf_text(&text), "line 4998\nline 4999\n"));
    strbuf_clear(&text);
    capture_read(&output, 10, &text);
    TARE_CHECK_STR(strbuf_text(&text), "line 4999\n");
    strbuf_clear(&text);
    capture_close(&output);
}

static void check_lines(struct tare *t, const char *printed, size_t size,
                        size_t n, const char *want)
{
    struct capture output = {0};
    char lines[40];

    TARE_REQUIRE_INT(capture_open(&output, 0, NULL), 0);
    TARE_REQUIRE_INT(write(output.fd, printed, size), (ssize_t)size);
    capture_last_lines(&output, n, lines, sizeof lines);
    TARE_CHECK_STR(lines, want);
    capture_close(&output);
}

TARE_TEST(shows_the_last_lines)
{
    check_lines(t, "", 0, 3, "");
    check_lines(t, "\n\n", 2, 3, "");
    check_lines(t, "a\nb\nc\n", 6, 2, "b | c");
    check_lines(t, "a\nb", 3, 5, "a | b");
    check_lines(t, "\x1b[31mred\x1b[0m\r\n", 14, 1, " [31mred [0m");
    check_lines(t, "x\xff\0y\n", 5, 1, "x??y");
    check_lines(t, "a long line with far more than forty characters\n", 48, 1,
                "ine with far more than forty characters");
}
