/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every macro and every option of tare.h, in what C and C++ share: compiled by
 * t-languages.sh as both, in each standard, without a warning. */
#include <tare.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    long a, b;
};

static void runtime(struct tare *b)
{
    TARE_LOOP(b) {
        TARE_USE(tare_data(b));
    }
}

TARE_BENCH(plain)
{
    TARE_LOOP(b) {
    }
}

/* The name of a macro is still a name. */
TARE_BENCH(errno, .args = "n=1,2; kind=a", .tags = "unit", .fixtures = "each",
           .version = 2, .baseline = "plain", .threads = "1,2")
{
    const long n = (long)tare_int(b, "n");
    struct pair pair = {n, 2};
    float f = 1;
    double d = tare_double(b, "n");
    const char *text = tare_str(b, "kind");
    const int constant = 4;

    if (tare_thread(b) >= tare_threads(b))
        tare_fail(b, "thread %d", tare_thread(b));
    TARE_LOOP(b) {
        TARE_USE(n);
        TARE_USE(f);
        TARE_USE(d);
        TARE_USE(pair);
        TARE_USE(text);
        TARE_USE(constant);
        TARE_USE(n + 1);
        TARE_USE(strlen(text));
        f = TARE_OPAQUE(f);
        d = TARE_OPAQUE(d);
        pair = TARE_OPAQUE(pair);
        text = TARE_OPAQUE(text);
        TARE_ESCAPE(&pair);
        TARE_CLOBBER();
    }
    tare_items(b, (uint64_t)n);
    tare_bytes(b, 8);
    tare_counter(b, "hits", 1.5, "1", TARE_HIGHER_IS_BETTER);
    tare_result(b, tare_seed(b));
}

TARE_BENCH(batched, .batch = 10)
{
    TARE_BATCH(b, n) {
        size_t i = 0;

        TARE_TIMED(b) {
            i++;
        }
        TARE_USE(n - i);
    }
}

TARE_BENCH(lapped)
{
    TARE_LATENCY(b) {
        TARE_CLOBBER();
    }
}

TARE_BENCH(timed, .manual = 1)
{
    TARE_LOOP(b) {
        tare_pause(b);
        tare_resume(b);
        tare_time_ns(b, 5);
    }
}

TARE_FIXTURE(wide, TARE_PROGRAM)
{
    return malloc(1);
}

TARE_TEARDOWN(wide)
{
    free(value);
}

TARE_FIXTURE(each, TARE_CASE, .needs = "wide")
{
    if (!tare_fixture(f, "wide"))
        tare_skip(f, "no memory");
    return (void *)tare_tmpdir(f);
}

TARE_FIXTURE(alone, TARE_BATCH)
{
    return NULL;
}

TARE_TEST(checks, .args = "n=1", .tags = "unit", .fixtures = "each",
          .timeout_ms = 5000)
{
    TARE_CHECK(tare_int(t, "n") == 1);
    TARE_REQUIRE(tare_port(t, 0) > 0);
    TARE_CHECK_INT(1, 1);
    TARE_REQUIRE_INT(1, 1L);
    TARE_CHECK_REL(1.0, 1, 1e-9);
    TARE_REQUIRE_REL(1.0, 1, 1e-9);
    TARE_CHECK_STR("a", "a");
    TARE_REQUIRE_STR("a", "a");
    TARE_CHECK_MEM("abc", "abd", 2);
    TARE_REQUIRE_MEM("abc", "abd", 2);
    TARE_CHECK_STR(tare_id(t), "checks[n=1]");
    TARE_CHECK(tare_fixture(t, "each") != NULL);
}

TARE_TEST(declares, .args = "n=1", .timeout_ms = 50, .xfail = "later",
          .signal = 6, .exclusive = 1, .slots = 2, .uses = "gpu", .group = "g")
{
    TARE_CHECK(tare_int(t, "n") == 2);
}

TARE_TEST(leaves, .exit_status = 3)
{
    _Exit(3);
}

TARE_TEST(fails)
{
    TARE_FAIL("on purpose %d", 1);
}

TARE_TEST(skips)
{
    TARE_SKIP("on purpose %d", 1);
}

int main(int argc, char **argv)
{
    static int data;
    static struct tare_case def;

    def.name = "made/at/run-time";
    def.run = runtime;
    def.data = &data;
    tare_register_bench(&def);
    return tare_version() == TARE_VERSION ? tare_main(argc, argv) : 1;
}
