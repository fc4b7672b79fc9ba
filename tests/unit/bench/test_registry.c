/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Definitions and the cases that come of them. */
#include <config.h>

#include "bench/registry.h"

#include <stdio.h>
#include <string.h>

static struct tarei_case item;
static char problem[REGISTRY_TEXT];

static void no_body(struct tare *b)
{
    (void)b;
}

static struct tare_case bench(const char *name)
{
    return (struct tare_case){.size = sizeof(struct tare_case),
                              .kind = TARE_KIND_BENCH,
                              .name = name,
                              .file = "a.c",
                              .line = 7,
                              .run = no_body};
}

/* The ids of a definition with a space between, or what is wrong with it. */
static const char *ids(struct tare_case *def)
{
    static char text[2048];
    struct tarei_cursor cursor = {.next = def};
    size_t used = 0;
    int rc;

    text[0] = '\0';
    def->next_ = NULL;
    while ((rc = tarei_cursor_next(&cursor, &item, problem)) > 0)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                 used ? " " : "", item.id);
    return rc < 0 ? problem : text;
}

TARE_TEST(cartesian_product_varies_the_last_fastest)
{
    struct tare_case def = bench("sort");

    TARE_CHECK_STR(ids(&def), "sort");
    def.args = "n=1,2; kind=a,b";
    TARE_CHECK_STR(ids(&def), "sort[n=1,kind=a] sort[n=1,kind=b] "
                              "sort[n=2,kind=a] sort[n=2,kind=b]");
}

TARE_TEST(threads_are_a_parameter)
{
    struct tare_case def = bench("sort");

    def.threads = "1,4";
    TARE_CHECK_STR(ids(&def), "sort[threads=1] sort[threads=4]");
    TARE_CHECK_INT(item.threads, 4);
    def.args = "n=8";
    TARE_CHECK_STR(ids(&def), "sort[n=8,threads=1] sort[n=8,threads=4]");
    def.threads = "0";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: benchmark 'sort' has .threads "
                              "that are not 1 to 4096: 0");
    def.threads = "two";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: benchmark 'sort' has .threads "
                              "that are not 1 to 4096: two");
    def.threads = "1;2";
    TARE_CHECK_STR(ids(&def),
                   "a.c:7: error: .threads of 'sort', character 2: expected "
                   "',': \"1;2\"");
    def.args = "threads=3";
    def.threads = "1";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: .threads of 'sort', character 1: "
                              "parameter 'threads' stands twice: \"1\"");
}

TARE_TEST(mistakes_name_file_and_line)
{
    struct tare_case def = bench("sort");

    def.args = "n 10";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: .args of 'sort', character 3: "
                              "expected '=' after 'n': \"n 10\"");
    def = bench("has space");
    TARE_CHECK(strstr(ids(&def), "a.c:7: error: benchmark 'has space' needs a "
                                 "name of at most 500 bytes"));
    def = bench("");
    TARE_CHECK(strstr(ids(&def), "needs a name"));
    def = bench(NULL);
    TARE_CHECK(strstr(ids(&def), "needs a name"));
    def = bench("x");
    def.run = NULL;
    def.file = NULL;
    TARE_CHECK_STR(ids(&def), "(unknown file):7: error: benchmark 'x' has no "
                              "body: set .run");
    def = bench("x");
    def.tags = "good, b@d";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: benchmark 'x' has a tag with "
                              "other than letters, digits, _ - .: b@d");
    def = bench("x");
    def.version = -1;
    TARE_CHECK_STR(ids(&def),
                   "a.c:7: error: benchmark 'x' has a negative .version");
}

TARE_TEST(options_of_the_other_kind_are_refused)
{
    struct tare_case def = bench("x");

    def.timeout_ms = 5;
    TARE_CHECK_STR(ids(&def), "a.c:7: error: benchmark 'x' has an option that "
                              "its kind does not know: .timeout_ms");
    def = bench("x");
    def.kind = TARE_KIND_TEST;
    def.baseline = "y";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: test 'x' has an option that its "
                              "kind does not know: .baseline");
    def = bench("x");
    def.uses = "gpu";
    TARE_CHECK_STR(ids(&def), "a.c:7: error: benchmark 'x' has an option that "
                              "its kind does not know: .uses");
}

TARE_TEST(ends_that_make_no_sense)
{
    struct tare_case def = bench("x");

    def.kind = TARE_KIND_TEST;
    def.signal = 6;
    def.exit_status = 1;
    TARE_CHECK_STR(ids(&def), "a.c:7: error: test 'x' has .signal and "
                              ".exit_status: it cannot end in both ways");
    def.exit_status = 0;
    def.slots = -1;
    TARE_CHECK_STR(ids(&def), "a.c:7: error: test 'x' has a negative number in "
                              ".slots, .signal or .exit_status");
}

TARE_TEST(ids_have_a_limit)
{
    char long_name[600];
    struct tare_case def = bench(long_name);

    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    TARE_CHECK(strstr(ids(&def), "needs a name of at most"));
    long_name[505] = '\0';
    def.args = "n=12345";
    TARE_CHECK(strstr(ids(&def), "has parameters that make an id too long"));
    def.args = "n=1";
    TARE_CHECK(strstr(ids(&def), "[n=1]"));
}

/* A program compiled with an older header has a shorter struct. */
TARE_TEST(shorter_definitions_are_zero_behind)
{
    struct tare_case def = bench("old");

    def.size = offsetof(struct tare_case, tags);
    def.args = "n=1";
    def.tags = "this is not there";
    TARE_CHECK_STR(ids(&def), "old[n=1]");
    TARE_CHECK(item.def.tags == NULL);
}

TARE_TEST(one_with_a_parameter, .args = "n=1..3")
{
    TARE_CHECK(tare_int(t, "n") <= 3);
}

TARE_TEST(finds_itself)
{
    TARE_CHECK_INT(tarei_find_case("finds_itself", &item, problem), 0);
    TARE_CHECK_STR(item.id, "finds_itself");
    TARE_CHECK_INT(tarei_find_case("one_with_a_parameter[n=2]", &item, problem),
                   0);
    TARE_CHECK_STR(item.param[0].value, "2");
    TARE_CHECK_INT(tarei_find_case("one_with_a_parameter[n=9]", &item, problem),
                   -1);
    TARE_CHECK_STR(problem, "'one_with_a_parameter' has no case with these "
                            "parameters: one_with_a_parameter[n=9]");
    TARE_CHECK_INT(tarei_find_case("finds_itsef", &item, problem), -1);
    TARE_CHECK_STR(problem, "no case is called 'finds_itsef'; the nearest is "
                            "'finds_itself'");
    TARE_CHECK_INT(tarei_find_case("zzz", &item, problem), -1);
    TARE_CHECK_STR(problem, "no case is called 'zzz'");
}

/* Forwards, backwards and across definitions: what was found last only makes
 * finding quicker. */
TARE_TEST(finds_in_any_order)
{
    static const char *const ids[] = {
        "one_with_a_parameter[n=1]", "one_with_a_parameter[n=2]",
        "one_with_a_parameter[n=3]", "finds_itself",
        "finds_in_any_order",        "one_with_a_parameter[n=1]",
        "one_with_a_parameter[n=3]", "one_with_a_parameter[n=2]",
    };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        TARE_CHECK_INT(tarei_find_case(ids[i], &item, problem), 0);
        TARE_CHECK_STR(item.id, ids[i]);
        TARE_CHECK_INT(tarei_find_case("none", &item, problem), -1);
    }
}

/* Each test is a process: what it registers, others do not see. */
TARE_TEST(names_stand_once)
{
    static struct tare_case twin;

    TARE_CHECK_INT(tarei_registry_check(problem), 0);
    twin = bench("names_stand_once");
    tare_register_case_(&twin);
    TARE_CHECK_INT(tarei_registry_check(problem), -1);
    TARE_CHECK(strstr(problem, "two cases are called 'names_stand_once'"));
    TARE_CHECK(strstr(problem, "a.c:7"));
    TARE_CHECK(strstr(problem, "test_registry.c:"));
}

TARE_TEST(copies_are_benchmarks_of_their_own)
{
    struct tare_case def = {.name = "made/now", .run = no_body, .data = &def};
    size_t before = tarei_registry_count();

    tare_register_bench(&def);
    def.name = "gone";
    TARE_CHECK_INT(tarei_registry_count(), before + 1);
    TARE_REQUIRE_INT(tarei_find_case("made/now", &item, problem), 0);
    TARE_CHECK_INT(item.def.kind, TARE_KIND_BENCH);
    TARE_CHECK(item.def.data == &def);
}

TARE_TEST(lists)
{
    const char *list = " one,two  three,,four, ";
    const char *name;
    size_t length, n = 0, letters = 0;

    while ((name = tarei_list_next(&list, &length)) != NULL) {
        n++;
        letters += length;
    }
    TARE_CHECK_INT(n, 4);
    TARE_CHECK_INT(letters, 15);
    TARE_CHECK(tarei_list_has("one, two", "two"));
    TARE_CHECK(!tarei_list_has("one, two", "tw"));
    TARE_CHECK(!tarei_list_has("one, two", "twos"));
    TARE_CHECK(!tarei_list_has(NULL, "one"));
    TARE_CHECK(!tarei_list_has("", ""));
}

TARE_TEST(nearest_names)
{
    static const char *const names[] = {"size", "kind", "threads"};

    TARE_CHECK_STR(tarei_nearest("sise", names, 3), "size");
    TARE_CHECK_STR(tarei_nearest("thread", names, 3), "threads");
    TARE_CHECK_STR(tarei_nearest("ind", names, 3), "kind");
    TARE_CHECK_STR(tarei_nearest("colour", names, 3), NULL);
    TARE_CHECK_STR(tarei_nearest("size", names, 0), NULL);
}
