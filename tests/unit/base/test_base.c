/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/names.h"
#include "base/results.h"
#include "base/scope.h"
#include "base/units.h"
#include "base/utf8.h"

/* FIPS 180-4 examples (NIST, "SHA-256 Examples"). */
TARE_TEST(hash_of_published_messages)
{
    static const char *const two_blocks =
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    struct hash hash;
    char hex[HASH_HEX];

    hash_init(&hash);
    hash_add(&hash, "abc", 3);
    hash_end(&hash, hex);
    TARE_CHECK_STR(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
                        "ff61f20015ad");
    hash_init(&hash);
    hash_add(&hash, two_blocks, 56);
    hash_end(&hash, hex);
    TARE_CHECK_STR(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ec"
                        "edd419db06c1");
}

TARE_TEST(hash_does_not_depend_on_how_the_bytes_arrive)
{
    char whole[HASH_HEX], pieces[HASH_HEX], data[1000];
    struct hash hash;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7);
    hash_init(&hash);
    hash_add(&hash, data, sizeof data);
    hash_end(&hash, whole);
    hash_init(&hash);
    for (size_t i = 0; i < sizeof data; i += 40)
        hash_add(&hash, data + i, 40);
    hash_end(&hash, pieces);
    TARE_CHECK_STR(pieces, whole);
}

TARE_TEST(doubles_round_trip)
{
    static const double x[] = {0.1,   1e300, 5e-324, 123456789.125, 1.0 / 3,
                               -0.25, 1e15,  42,     2.5e-9};
    char text[32];

    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        double_print(text, x[i]);
        TARE_CHECK(strtod(text, NULL) == x[i]);
    }
    double_print(text, 0.1);
    TARE_CHECK_STR(text, "0.1");
    double_print(text, 1e6);
    TARE_CHECK_STR(text, "1000000");
    double_print(text, 5e-324);
    TARE_CHECK_STR(text, "5e-324");
    double_print(text, 2.5e-310);
    TARE_CHECK_STR(text, "2.5e-310");
    double_print(text, 123.456);
    TARE_CHECK_STR(text, "123.456");
}

TARE_TEST(durations_in_and_out)
{
    struct error err = {0};
    char text[QUANTITY_TEXT];
    int64_t ns = 7;

    TARE_CHECK_INT(parse_duration("1.5ms", &ns, &err), 0);
    TARE_CHECK_INT(ns, 1500000);
    TARE_CHECK_INT(parse_duration("10", &ns, &err), ERR_RANGE);
    TARE_CHECK_INT(ns, 1500000);
    TARE_CHECK_STR(err.text,
                   "expected a duration such as 10s, 1.5ms or 2m, not '10'");
    TARE_CHECK_INT(parse_duration("-1s", &ns, NULL), ERR_RANGE);
    TARE_CHECK_INT(parse_duration("0x10s", &ns, NULL), ERR_RANGE);
    TARE_CHECK_INT(parse_duration("infs", &ns, NULL), ERR_RANGE);
    TARE_CHECK_STR(format_duration(text, 125000000000), "2 min 5 s");
    TARE_CHECK_STR(format_duration(text, 3400000000), "3.4 s");
}

TARE_TEST(ratios)
{
    double r = 0;
    struct error err = {0};

    TARE_CHECK_INT(parse_ratio("2%", &r, NULL), 0);
    TARE_CHECK_REL(r, 0.02, 1e-15);
    TARE_CHECK_INT(parse_ratio("0.5 %", &r, NULL), 0);
    TARE_CHECK_REL(r, 0.005, 1e-15);
    TARE_CHECK_INT(parse_ratio("0.999", &r, NULL), 0);
    TARE_CHECK_INT(parse_ratio("200%", &r, NULL), 0);
    TARE_CHECK_REL(r, 2, 1e-15);
    TARE_CHECK_INT(parse_ratio("2", &r, &err), ERR_RANGE);
    TARE_CHECK_STR(err.text, "'2' without % would be 200 %");
    TARE_CHECK_STR(err.help, "write 2%, or 0.02 for as much");
    TARE_CHECK_INT(parse_ratio("1", &r, NULL), ERR_RANGE);
    TARE_CHECK_INT(parse_ratio("two", &r, NULL), ERR_RANGE);
    TARE_CHECK_INT(parse_ratio("nan", &r, NULL), ERR_RANGE);
}

TARE_TEST(changes_far_from_one_are_factors)
{
    char text[QUANTITY_TEXT], interval[INTERVAL_TEXT];

    TARE_CHECK_STR(format_change(text, 0), "-100.0 %");
    TARE_CHECK_STR(format_change(text, 10.99), "+999.0 %");
    TARE_CHECK_STR(format_change(text, 12.34), "12.3 x");
    TARE_CHECK_STR(format_change(text, 123.4), "123 x");
    TARE_CHECK_STR(format_change(text, 98765.4), "98765 x");
    TARE_CHECK_STR(format_change(text, NAN), "unknown");
    format_interval(interval, 0.98765, 1.04);
    TARE_CHECK_STR(interval, "-1.23 to +4.00 %");
    format_interval(interval, 0.106, 33.22);
    TARE_CHECK_STR(interval, "0.106 to 33.2 x");
    format_interval(interval, 3.792, 98.411);
    TARE_CHECK_STR(interval, "3.79 to 98.4 x");
    format_interval(interval, 0, 1234.5);
    TARE_CHECK_STR(interval, "0.00 to 1234 x");
}

TARE_TEST(quantities_scale_to_four_digits)
{
    char text[QUANTITY_TEXT];

    TARE_CHECK_STR(format_quantity(text, 12.3456, "ns"), "12.35 ns");
    TARE_CHECK_STR(format_quantity(text, 999.96, "ns"), "1.000 us");
    TARE_CHECK_STR(format_quantity(text, 2.5e12, "ns"), "2500 s");
    TARE_CHECK_STR(format_quantity(text, 4096, "B"), "4.096 kB");
    TARE_CHECK_STR(format_quantity(text, 17, "1"), "17");
    TARE_CHECK_STR(format_quantity(text, NAN, "ns"), "unknown");
    TARE_CHECK_STR(format_change(text, 1.0231), "+2.31 %");
    TARE_CHECK_STR(format_change(text, 0.5), "-50.0 %");
}

TARE_TEST(json_escapes_and_refuses_nan)
{
    struct strbuf out = {0};
    struct json json = {.out = &out};

    json_object(&json);
    json_set_string(&json, "a\"b", "x\n\xff<");
    json_set_double(&json, "n", NAN);
    json_key(&json, "list");
    json_array(&json);
    json_int(&json, 1);
    json_double(&json, 2.5);
    json_array_end(&json);
    json_object_end(&json);
    TARE_CHECK_STR(strbuf_text(&out), "{\n  \"a\\\"b\": \"x\\u000a\xef\xbf\xbd<"
                                      "\",\n  \"n\": null,\n"
                                      "  \"list\": [1, 2.5]\n}\n");
    strbuf_clear(&out);
}

TARE_TEST(utf8_lengths)
{
    uint32_t code = 7;

    TARE_CHECK_INT(utf8_length("a"), 1);
    TARE_CHECK_INT(utf8_length(""), 0);
    TARE_CHECK_INT(utf8_read("a", &code), 1);
    TARE_CHECK_INT(code, 'a');
    TARE_CHECK_INT(utf8_read("\xe2\x82\xac", &code), 3);
    TARE_CHECK_INT(code, 0x20ac);
    TARE_CHECK_INT(utf8_read("\xf0\x9f\x98\x80", &code), 4);
    TARE_CHECK_INT(code, 0x1f600);
    TARE_CHECK_INT(utf8_read("\xe2\x82", &code), 0);
    TARE_CHECK_INT(code, 0x1f600);
    TARE_CHECK_INT(utf8_length("\xc3\xa9"), 2);
    TARE_CHECK_INT(utf8_length("\xf0\x9f\x98\x80"), 4);
    TARE_CHECK_INT(utf8_length("\xc0\x80"), 0);     /* overlong */
    TARE_CHECK_INT(utf8_length("\xed\xa0\x80"), 0); /* a surrogate */
    TARE_CHECK_INT(utf8_length("\xe2\x82"), 0);     /* cut short */
    TARE_CHECK_INT(utf8_columns("a\xc3\xa9\xff"), 3);
    TARE_CHECK(utf8_is_valid("a\xc3\xa9") && utf8_is_valid(""));
    TARE_CHECK(!utf8_is_valid("a\xc3\xa9\xff"));
}

TARE_TEST(results_grow_case_by_case_and_occasion_by_occasion)
{
    static const double x[] = {1, 2, 3};
    struct results *r = results_new();
    struct case_results *c;
    struct metric *m;

    TARE_REQUIRE(r && results_add_occasion(r));
    for (int i = 9; i >= 0; i--) {
        char id[20];

        snprintf(id, sizeof id, "p/c%d", i);
        c = results_add_case(r, id);
        TARE_REQUIRE(c);
        m = results_need_metric(r, c, "time", "ns", BETTER_LOWER);
        TARE_REQUIRE(m);
        TARE_CHECK_INT(results_add_invocation(r, m, 0, x, 3, NULL), 0);
    }
    TARE_REQUIRE(results_add_occasion(r));
    results_sort(r);
    TARE_CHECK_STR(r->cases[0].id, "p/c0");
    c = results_find(r, "p/c7");
    TARE_REQUIRE(c);
    m = results_metric(c, "time");
    TARE_REQUIRE(m);
    TARE_CHECK_INT(m->occasion[0].n, 1);
    TARE_CHECK_INT(m->occasion[1].n, 0);
    TARE_CHECK_REL(m->occasion[0].invocation[0].sample[2], 3, 0);
    TARE_CHECK(!results_find(r, "p/none"));
    results_free(r);
}

TARE_TEST(facts_stay_sorted)
{
    struct arena arena = {0};
    struct facts facts = {0};

    facts_set(&arena, &facts, "b", "2", NULL);
    facts_set(&arena, &facts, "a", "1", NULL);
    facts_set(&arena, &facts, "b", "3", NULL);
    TARE_CHECK_INT(facts.n, 2);
    TARE_CHECK_STR(facts.fact[0].name, "a");
    TARE_CHECK_STR(facts_get(&facts, "b"), "3");
    TARE_CHECK(!facts_get(&facts, "c"));
    arena_clear(&arena);
}

TARE_TEST(files_of_the_kernel_are_read_although_they_say_empty)
{
    char *text = NULL;
    size_t size = 0;

    TARE_REQUIRE_INT(
        file_read("/proc/self/status", 1 << 16, &text, &size, NULL), 0);
    TARE_CHECK(size > 5 && memcmp(text, "Name:", 5) == 0);
    free(text);
    TARE_CHECK_INT(file_read("/proc/self/status", 10, &text, &size, NULL),
                   ERR_RANGE);
}

TARE_TEST(joining_adds_an_occasion_and_copies_everything)
{
    static const double x[] = {1, 2}, y[] = {3};
    struct results *a = results_new(), *b = results_new();
    struct case_results *c;
    struct metric *m;

    TARE_REQUIRE(a && b && results_add_occasion(a) && results_add_occasion(b));
    c = results_add_case(a, "p/same");
    m = results_need_metric(a, c, "time", "ns", BETTER_LOWER);
    results_add_invocation(a, m, 0, x, 2, NULL);
    c = results_add_case(b, "p/same");
    m = results_need_metric(b, c, "time", "ns", BETTER_LOWER);
    results_add_invocation(b, m, 0, y, 1, NULL);
    c = results_add_case(b, "p/other");
    c->tags = "t";
    b->occasion[0].revision = "abc";
    TARE_CHECK_INT(results_join(a, b, 0, NULL), 0);
    results_free(b);
    TARE_CHECK_INT(a->n_occasions, 2);
    TARE_CHECK_INT(a->n_cases, 2);
    TARE_CHECK_STR(a->occasion[1].revision, "abc");
    TARE_CHECK_STR(a->cases[1].tags, "t");
    m = results_metric(&a->cases[0], "time");
    TARE_CHECK_INT(m->occasion[0].n, 1);
    TARE_CHECK_REL(m->occasion[1].invocation[0].sample[0], 3, 0);
    results_free(a);
}

TARE_TEST(own_folders_are_kept_from_git_and_others_are_not)
{
    char root[] = "/tmp/tare-test-XXXXXX";
    char path[200];
    SCOPED(free_scoped) char *text = NULL;
    size_t size;

    TARE_REQUIRE(mkdtemp(root) != NULL);
    snprintf(path, sizeof path, "%s/a/.tare/programs", root);
    TARE_REQUIRE_INT(file_make_folders(path, NULL), 0);
    snprintf(path, sizeof path, "%s/a/.tare/.gitignore", root);
    TARE_REQUIRE_INT(file_read(path, 10, &text, &size, NULL), 0);
    TARE_CHECK_STR(text, "*\n");
    TARE_REQUIRE_INT(remove(path), 0);
    snprintf(path, sizeof path, "%s/a/.tare/builds", root);
    TARE_REQUIRE_INT(file_make_folders(path, NULL), 0);
    snprintf(path, sizeof path, "%s/a/.tare/.gitignore", root);
    TARE_CHECK(!file_exists(path)); /* somebody took it away */
    snprintf(path, sizeof path, "%s/a/.gitignore", root);
    TARE_CHECK(!file_exists(path));
    TARE_CHECK_INT(file_remove_tree(root, NULL), 0);
}

/* As somebody who is not root, since root needs no permission: 0 when the tree
 * is gone. */
static int remove_locked_tree(const char *root)
{
    char path[200];

    if (getuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
        return 2;
    snprintf(path, sizeof path, "%s/tree/none/none", root);
    if (file_make_folders(path, NULL) < 0)
        return 3;
    snprintf(path, sizeof path, "%s/tree/none/none/file", root);
    if (file_write_atomic(path, "x", 1, NULL) < 0)
        return 3;
    snprintf(path, sizeof path, "%s/tree/none/none", root);
    chmod(path, 0000);
    snprintf(path, sizeof path, "%s/tree/none", root);
    chmod(path, 0500);
    snprintf(path, sizeof path, "%s/tree", root);
    return file_remove_tree(path, NULL) < 0 || file_exists(path);
}

TARE_TEST(folders_without_permissions_are_removed)
{
    char root[] = "/tmp/tare-test-XXXXXX";
    int status = -1;
    pid_t child;

    TARE_REQUIRE(mkdtemp(root) != NULL);
    chmod(root, 0777);
    fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(remove_locked_tree(root));
    TARE_CHECK_INT(waitpid(child, &status, 0), child);
    TARE_CHECK_INT(status, 0);
    file_remove_tree(root, NULL);
}

TARE_TEST(where_a_file_may_be_written_is_known_before)
{
    char path[4096];
    struct error err = {0};

    snprintf(path, sizeof path, "%s/new/folder/file", tare_tmpdir(t));
    TARE_CHECK_INT(file_may_write(path, &err), 0);
    snprintf(path, sizeof path, "%s/new", tare_tmpdir(t));
    TARE_CHECK(!file_exists(path));
    TARE_CHECK_INT(file_may_write("relative", &err), 0);
    TARE_CHECK_INT(file_may_write("/dev/null", &err), 0);
    TARE_CHECK_INT(file_may_write(tare_tmpdir(t), &err), ERR_SYS);
    TARE_CHECK(strstr(err.text, "cannot write"));
    TARE_REQUIRE_INT(file_write_atomic(path, "x", 1, NULL), 0);
    TARE_CHECK_INT(file_may_write(path, NULL), 0);
    snprintf(path, sizeof path, "%s/new/below/a/file", tare_tmpdir(t));
    TARE_CHECK_INT(file_may_write(path, NULL), ERR_SYS);
}

/* With a pipe, as a failure of this test would replace the device. */
TARE_TEST(what_is_no_file_is_written_to_and_not_replaced)
{
    char path[4096], got[8] = "";
    struct stat st;
    int fd;

    snprintf(path, sizeof path, "%s/pipe", tare_tmpdir(t));
    TARE_REQUIRE_INT(mkfifo(path, 0600), 0);
    fd = open(path, O_RDONLY | O_NONBLOCK);
    TARE_REQUIRE(fd >= 0);
    TARE_CHECK_INT(file_write_atomic(path, "text", 4, NULL), 0);
    TARE_CHECK_INT(read(fd, got, sizeof got - 1), 4);
    TARE_CHECK_STR(got, "text");
    TARE_REQUIRE_INT(lstat(path, &st), 0);
    TARE_CHECK(S_ISFIFO(st.st_mode));
    close(fd);
}

TARE_TEST(names_between_commas)
{
    static const char list[] = ",db,,slow,d,";
    const char *at = list;
    size_t size = 99;

    TARE_CHECK(names_next(&at, &size) == list + 1 && size == 2);
    TARE_CHECK(names_next(&at, &size) == list + 5 && size == 4);
    TARE_CHECK(names_next(&at, &size) == list + 10 && size == 1);
    TARE_CHECK(!names_next(&at, &size) && size == 1);
    TARE_CHECK(!names_next(&at, &size));
    TARE_CHECK(names_has(list, "slowly", 4));
    TARE_CHECK(names_has(list, "d", 1));
    TARE_CHECK(!names_has(list, "slow", 3));
    TARE_CHECK(!names_has(list, "b", 1));
    TARE_CHECK(!names_has(list, "", 0));
    TARE_CHECK(!names_has("", "", 0));
}
