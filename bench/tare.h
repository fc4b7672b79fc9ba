/* SPDX-License-Identifier: MIT */
/* tare.h - the whole public interface of libtare.
 *
 * A program holds cases: benchmarks, which are measured, and tests, which are
 * checked.  Each is defined at file scope and registers itself:
 *
 *     #include <tare.h>
 *
 *     TARE_BENCH(copy, .args = "n=64,4096", .tags = "memory")
 *     {
 *         size_t n = (size_t)tare_int(b, "n");
 *         char *from = calloc(n, 1), *to = malloc(n);
 *
 *         TARE_LOOP(b) {
 *             memcpy(to, from, n);
 *             TARE_ESCAPE(to);
 *         }
 *         tare_bytes(b, n);
 *         free(to);
 *         free(from);
 *     }
 *
 *     TARE_TEST(one_and_one) { TARE_CHECK_INT(1 + 1, 2); }
 *
 * Link with -ltare.  `tare run PROGRAM` measures, `tare test PROGRAM` tests;
 * the program run by itself does both in a quick way (see tare_main()).
 *
 * True of everything here unless its own comment says otherwise:
 *
 * context    struct tare is what a running case or fixture knows of itself.
 *            It is called b in a benchmark, t in a test, f in a fixture, and
 *            is passed along to helpers under the same name.  It is borrowed
 *            and ends with the case.
 * errors     a misuse (an unknown parameter, two loops) fails the case with a
 *            message that names the remedy.  "Ends the case" below means that
 *            control leaves the body at once, by longjmp: memory that it
 *            allocated is not freed and C++ destructors do not run, which is
 *            harmless because the process ends soon after.
 * ownership  strings in a definition are borrowed for as long as the program
 *            runs; strings passed to a function are copied; strings returned
 *            are borrowed and live as long as the context.
 * units      times are int64_t nanoseconds and their names end in _ns.
 * threads    a context belongs to the thread whose body received it.
 * languages  C11 and later; C++ as gnu++17 and as C++20.  Options are
 *            designated initialisers and stand in the documented order, which
 *            C++ requires.
 * names      what ends in an underscore is not part of the interface. */
#ifndef TARE_H
#define TARE_H

#include <stddef.h>
#include <stdint.h>

#if !defined(__GNUC__)
#error "tare.h needs gcc or clang"
#endif

#define TARE_API               __attribute__((visibility("default")))
#define TARE_PRINTF_(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define TARE_NORETURN_         __attribute__((noreturn))
#define TARE_UNUSED_           __attribute__((unused))
#define TARE_START_            __attribute__((constructor))
#define TARE_INLINE_           static inline __attribute__((always_inline, unused))

/* Options left out are zero in both languages; the default keeps C++ compilers
 * from warning that they were. */
#ifdef __cplusplus
#define TARE_OPTION_(declaration) declaration = {}
#else
#define TARE_OPTION_(declaration) declaration
#endif

/* clang calls designated initialisers a C++20 extension when it compiles
 * gnu++17; here they are meant. */
#if defined(__clang__) && defined(__cplusplus) && __cplusplus < 202002L
#define TARE_QUIET_                  \
    _Pragma("clang diagnostic push") \
        _Pragma("clang diagnostic ignored \"-Wc++20-designator\"")
#define TARE_LOUD_ _Pragma("clang diagnostic pop")
#else
#define TARE_QUIET_
#define TARE_LOUD_
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this header: (major << 16) | (minor << 8) | patch. */
#define TARE_VERSION 0x000100

/* Version of the library found at run time, encoded the same way. */
TARE_API unsigned tare_version(void);

/* The context of a running case or fixture.  Opaque. */
struct tare;

/* ==================================================================== cases */

enum { TARE_KIND_BENCH = 1, TARE_KIND_TEST = 2 };

/* What defines a case.  The macros fill in the upper part; the lower part are
 * the options, given by name in this order, each of which may be left out. */
struct tare_case {
    size_t size;      /* of this struct in the header in use */
    int kind;         /* TARE_KIND_BENCH or TARE_KIND_TEST */
    const char *name; /* unique in the program; without spaces, control
                       * characters, quotes and any of [ ] , = \ * ? */
    const char *file; /* of its source, NULL when unknown */
    int line;         /* 0 when unknown */
    void (*run)(struct tare *); /* the body */
    struct tare_case *next_;

    /* Parameters with their values, "n=10,100; kind=fast,safe".  Each
     * combination is a case of its own: copy[n=10,kind=fast] and so on, the
     * last parameter varying fastest.  Spaces may stand between the parts of
     *
     *     args   = axis { ";" axis } [ ";" ]
     *     axis   = name "=" value { "," value }
     *     value  = text | number ".." number [ ( "+" | "*" ) number ]
     *     name   = a letter, then letters, digits and "_"
     *     text   = no space or control character, none of , ; = [ ] " ' \ * ?
     *
     * 1..4 means 1,2,3,4; 0..30+10 means 0,10,20,30; 8..64*2 means
     * 8,16,32,64; the end belongs to the range when a step reaches it.
     * Numbers are integers, decimal or 0x hexadecimal, and may end in k, M, G
     * (thousands) or Ki, Mi, Gi (of 1024).  At most 16 parameters and 100000
     * combinations; an id has at most 500 bytes. */
    TARE_OPTION_(const char *args);

    /* Labels to select by, "unit, slow": letters, digits and _ - . */
    TARE_OPTION_(const char *tags);

    /* Fixtures the case uses, "database, cache" (see TARE_FIXTURE). */
    TARE_OPTION_(const char *fixtures);

    /* Benchmarks: raised when the work changes its meaning, so that results of
     * different versions are not compared.  0 or more. */
    TARE_OPTION_(int version);

    /* Benchmarks: the name of another one of this program to be shown relative
     * to; parameters that both have are equal. */
    TARE_OPTION_(const char *baseline);

    /* Benchmarks: run the body in this many threads at once, "1,2,4": values
     * of a parameter called threads, each at least 1. */
    TARE_OPTION_(const char *threads);

    /* Benchmarks: the most inputs that TARE_BATCH asks for; 0 means 1000. */
    TARE_OPTION_(size_t batch);

    /* Benchmarks: not 0 when the body says its time with tare_time_ns(). */
    TARE_OPTION_(int manual);

    /* Tests: ended and failed after this long; 0 means the runner's limit. */
    TARE_OPTION_(int64_t timeout_ms);

    /* Anything; tare_data() returns it. */
    TARE_OPTION_(void *data);

    /* Tests: known to fail, and why.  It fails when it passes. */
    TARE_OPTION_(const char *xfail);

    /* Tests: passes when this signal ends its process, and only then. */
    TARE_OPTION_(int signal);

    /* Tests: passes when its process ends with this status, by exit(); 0 means
     * that it has to return. */
    TARE_OPTION_(int exit_status);

    /* Tests: what else may run meanwhile.  `exclusive`: nothing; `slots`: what
     * the other workers leave, with so many workers' cores for this test;
     * `uses`: no other test that uses one of these, "gpu, license", of which
     * there are as many as tare.yaml says, else one; `group`: under
     * --dist loadgroup, no other of this group, whose tests run one after
     * another on one worker. */
    TARE_OPTION_(int exclusive);
    TARE_OPTION_(int slots);
    TARE_OPTION_(const char *uses);
    TARE_OPTION_(const char *group);

    TARE_OPTION_(int end_);
};

/* Define a benchmark: TARE_BENCH(name, options...) { body }
 *
 * The body prepares, runs exactly one loop (TARE_LOOP, TARE_BATCH or
 * TARE_LATENCY) and cleans up; its context is b.  It runs once in a process,
 * however many samples the loop takes, so that preparing may be slow.
 *
 *     TARE_BENCH(lookup, .args = "n=1k..1M*10; kind=hit,miss")
 *     {
 *         struct table *table = make_table(tare_int(b, "n"), tare_seed(b));
 *         const char *key = strcmp(tare_str(b, "kind"), "hit") ? "?" : "yes";
 *
 *         TARE_LOOP(b)
 *             TARE_USE(find(table, key));
 *         free_table(table);
 *     } */
#define TARE_BENCH(...) \
    TARE_CASE_(TARE_KIND_BENCH, b, tare_bench_##__VA_ARGS__, .end_ = 0)

/* Define a test: TARE_TEST(name, options...) { body }
 *
 * Its context is t.  Each test runs in a process of its own, forked from the
 * program's, so that one that crashes or hangs fails alone and leaves nothing
 * behind for the next.  What it prints is shown when it fails.
 *
 *     TARE_TEST(finds_what_it_holds, .tags = "unit", .timeout_ms = 500)
 *     {
 *         struct table *table = make_table(10, tare_seed(t));
 *
 *         TARE_REQUIRE(table != NULL);
 *         TARE_CHECK_STR(find(table, "yes"), "yes");
 *         TARE_CHECK(find(table, "?") == NULL);
 *         free_table(table);
 *     }
 *
 * Where the program is built with AddressSanitizer, a test that leaks memory
 * fails. */
#define TARE_TEST(...) \
    TARE_CASE_(TARE_KIND_TEST, t, tare_tests_##__VA_ARGS__, .end_ = 0)

/* The name is pasted before it can be expanded, so that a case may be called
 * errno.  Both prefixes have 11 letters, which the quoted name drops. */
#define TARE_CASE_(kind_, ctx_, id_, ...)                                    \
    static void id_##_run_(struct tare *);                                   \
    TARE_QUIET_                                                              \
    static struct tare_case id_##_case_ = {.size = sizeof(struct tare_case), \
                                           .kind = kind_,                    \
                                           .name = &#id_[11],                \
                                           .file = __FILE__,                 \
                                           .line = __LINE__,                 \
                                           .run = id_##_run_,                \
                                           .next_ = 0,                       \
                                           __VA_ARGS__};                     \
    TARE_LOUD_                                                               \
    TARE_START_ static void id_##_start_(void)                               \
    {                                                                        \
        tare_register_case_(&id_##_case_);                                   \
    }                                                                        \
    static void id_##_run_(struct tare *ctx_ TARE_UNUSED_)

TARE_API void tare_register_case_(struct tare_case *def);
TARE_API void tare_register_copy_(const struct tare_case *def, size_t size);

/* Register a benchmark at run time, in a program with its own main() before it
 * calls tare_main():
 *
 *     tare_register_bench(&(struct tare_case){
 *         .name = "sum/fast", .run = sum, .args = "n=8", .data = &fast});
 *
 * def   name and run are required; kind, size and next_ are ignored.  The
 *       struct is copied, the strings are borrowed as in a definition.
 *
 * Lack of memory ends the program with status 2. */
TARE_INLINE_ void tare_register_bench(const struct tare_case *def)
{
    tare_register_copy_(def, sizeof *def);
}

/* The main() of a program without its own; call it from yours to have the same
 * options.  Constructors of static objects have run by then.
 *
 *     int main(int argc, char **argv)
 *     {
 *         load_plugins();
 *         return tare_main(argc, argv);
 *     }
 *
 * With --tare-worker, and TARE_WIRE in the environment, the process obeys
 * `tare`.  Otherwise:
 *
 *     PROGRAM [--list] [--run GLOB]... [--help] ...
 *
 * runs tests, each in a process of its own, and prints them as TAP; then
 * measures benchmarks quickly, one line each.
 *
 * Returns the exit status: 0 done, 1 a test failed, 2 a mistake in the options
 * or in a definition, 3 a benchmark could not be measured, 5 nothing was
 * selected. */
TARE_API int tare_main(int argc, char **argv);

/* ================================================================= measuring */

/* TARE_LOOP(b) { work } measures the work.
 *
 * Two nested loops: the outer one asks the library for the number of
 * iterations of the next sample, the inner one counts a register down to zero
 * and the clock is read only outside it.  `continue` ends an iteration early.
 * Leaving by break, return or goto fails the case, and so does a body without
 * a loop or with two.
 *
 * The compiler may drop work whose result nobody sees: see TARE_USE.
 *
 * Cost: a subtraction and a branch for an iteration; some 60 ns for a sample,
 * whose length the runner chooses so that it does not matter.  An empty loop
 * of the same shape is measured beside it and shown. */
#define TARE_LOOP(b)                                       \
    for (uint64_t tare_left_ = 0;                          \
         (tare_left_ = tare_step_((b), tare_left_)) != 0;) \
        for (; tare_left_ != 0; tare_left_ = tare_counted_(tare_left_) - 1)

/* Work on fresh input: TARE_BATCH(b, n) gives in n (a new size_t) how many
 * inputs to prepare, TARE_TIMED(b) measures the work on them, one iteration an
 * input, and what stands around TARE_TIMED is not measured:
 *
 *     TARE_BATCH(b, n) {
 *         for (size_t i = 0; i < n; i++)
 *             fill(input[i]);
 *         size_t i = 0;
 *         TARE_TIMED(b)
 *             sort(input[i++]);
 *     }
 *
 * n is 1 or more and at most the option `batch` (1000 when not given), so that
 * inputs can be held in an array of that size.  Each batch holds exactly one
 * TARE_TIMED.  A sample may take several batches; the two clock reads of each
 * (some 60 ns) are part of its time. */
#define TARE_BATCH(b, n) for (size_t n = 0; (n = tare_batch_(b)) != 0;)
#define TARE_TIMED(b)                                       \
    for (uint64_t tare_left_ = 0;                           \
         (tare_left_ = tare_timed_((b), tare_left_)) != 0;) \
        for (; tare_left_ != 0; tare_left_ = tare_counted_(tare_left_) - 1)

/* TARE_LATENCY(b) { work } measures each iteration by itself, for percentiles:
 * the times go into a histogram whose cells are at most 1.6 % wide.  For work
 * of a microsecond or more; the two clock reads of an iteration (some 60 ns)
 * are in its figure, and the smallest pair is reported as the floor.
 *
 *     TARE_LATENCY(b)
 *         send_and_receive(connection);
 *
 * shows p50, p90, p99 and p99.9 beside the mean.  The histogram (20 KB) is
 * allocated before the first iteration; filling it is not in any figure.  With
 * `.manual = 1` what an iteration says by tare_time_ns() is its latency: from
 * when it was due, for requests that come whether or not the last is answered.
 */
#define TARE_LATENCY(b)                                       \
    for (uint64_t tare_left_ = 0;                             \
         (tare_left_ = tare_latency_((b), tare_left_)) != 0;) \
        for (; tare_left_ != 0 && tare_lap_begin_(b);         \
             tare_left_ = tare_lap_end_((b), tare_left_))

/* Behind the outer loops, called once a sample or batch, and around each
 * iteration of TARE_LATENCY.  `left` is what the inner loop did not run, which
 * is how a break is found. */
TARE_API uint64_t tare_step_(struct tare *b, uint64_t left);
TARE_API size_t tare_batch_(struct tare *b);
TARE_API uint64_t tare_timed_(struct tare *b, uint64_t left);
TARE_API uint64_t tare_latency_(struct tare *b, uint64_t left);
TARE_API int tare_lap_begin_(struct tare *b);
TARE_API uint64_t tare_lap_end_(struct tare *b, uint64_t left);

/* Pins the counter in a register: without it a compiler may replace a loop
 * whose work it understands by its result. */
TARE_INLINE_ uint64_t tare_counted_(uint64_t left)
{
    __asm__ volatile("" : "+r"(left));
    return left;
}

/* Leave a stretch of the work out of the time.  A pair costs about one clock
 * read that is not left out; what a pair costs is measured in each process and
 * shown beside the result, never subtracted.  Prefer TARE_BATCH.  Pairs do not
 * nest; an iteration ends resumed. */
TARE_API void tare_pause(struct tare *b);
TARE_API void tare_resume(struct tare *b);

/* Add to the sample's time, measured by the body itself, in a benchmark with
 * `.manual = 1`; the clock around the loop is then ignored.  Called in the
 * loop, at least once a sample.  elapsed_ns is 0 or more. */
TARE_API void tare_time_ns(struct tare *b, int64_t elapsed_ns);

/* Items or bytes that one iteration handles, for throughput.  The last call
 * counts. */
TARE_API void tare_items(struct tare *b, uint64_t per_iteration);
TARE_API void tare_bytes(struct tare *b, uint64_t per_iteration);

/* Which way of a counter is good. */
enum tare_better {
    TARE_NO_DIRECTION = 0,
    TARE_LOWER_IS_BETTER,
    TARE_HIGHER_IS_BETTER
};

/* Report a figure of your own.
 *
 * name    1 to 63 bytes without spaces; the same name again replaces the value
 * value   finite
 * unit    1 to 31 bytes without spaces: "1" for a plain number, "B", "ns", ...
 * better  lets `tare gate` judge it; TARE_NO_DIRECTION only shows it
 *
 *     tare_counter(b, "hit_rate", hits / total, "1", TARE_HIGHER_IS_BETTER);
 *
 * At most 64 counters; a mistake ends the case.  In threads other than the
 * first it is ignored. */
TARE_API void tare_counter(struct tare *b, const char *name, double value,
                           const char *unit, enum tare_better better);

/* Say what was computed, as a checksum.  All calls of a case must agree:
 * between samples, threads, processes and worker counts of one build;
 * otherwise the case fails.  Where two programs differ they are not compared:
 * work that became faster because it became wrong is no improvement.
 * Called after the loop, or in it (a function call an iteration).  The number
 * of iterations differs between processes, so a sum over them is no result. */
TARE_API void tare_result(struct tare *b, uint64_t checksum);

/* How many samples the loop has begun: it changes where the loop stood still
 * meanwhile, so that a schedule kept by the body must begin anew.  0 before the
 * loop and in tests. */
TARE_API uint64_t tare_samples(const struct tare *b);

/* Of a benchmark with `.threads`: the number of this body's thread, from 0, and
 * how many there are.  0 and 1 elsewhere.  What the threads share is made by a
 * fixture:
 *
 *     TARE_BENCH(push, .threads = "1,2,4", .fixtures = "queue")
 *     {
 *         struct queue *queue = tare_fixture(b, "queue");
 *
 *         TARE_LOOP(b)
 *             queue_push(queue, tare_thread(b));
 *     }
 * Every thread runs the whole body; they start their samples together, and each
 * goes on working untimed until the last has finished (not in TARE_BATCH, where
 * inputs are used up).  The time of a sample is the mean over the threads. */
TARE_API int tare_thread(const struct tare *b);
TARE_API int tare_threads(const struct tare *b);

/* ================================================================ parameters */

/* The value of a parameter.  An unknown name, or a value that is not such a
 * number, ends the case.  Works in fixtures of case and batch scope too. */
TARE_API int64_t tare_int(struct tare *b, const char *name);
TARE_API double tare_double(struct tare *b, const char *name);
TARE_API const char *tare_str(struct tare *b, const char *name);

/* The case's name with its parameters, "copy[n=64]".  For a fixture its own
 * name. */
TARE_API const char *tare_id(const struct tare *b);

/* The option `data` of the case; NULL for a fixture. */
TARE_API void *tare_data(const struct tare *b);

/* A seed for random input: a function of the run's seed (TARE_SEED in the
 * environment, 1 without) and of the id, so that equal runs, and both sides of
 * a comparison, have equal input. */
TARE_API uint64_t tare_seed(const struct tare *b);

/* A folder only for this case or fixture, made at the first call and removed
 * with everything in it at its end.  No slash at the end.  Ends the case when
 * it cannot be made. */
TARE_API const char *tare_tmpdir(struct tare *b);

/* A TCP or UDP port number that no other worker is given: the i-th, 0 to 99, of
 * the block TARE_PORT_BASE.  Without `tare` the block depends on the process id
 * and nothing reserves it. */
TARE_API int tare_port(struct tare *b, int i);

/* End the case here as failed, or as skipped, with this message. */
TARE_API void tare_fail(struct tare *b, const char *fmt, ...)
    TARE_PRINTF_(2, 3) TARE_NORETURN_;
TARE_API void tare_skip(struct tare *b, const char *fmt, ...)
    TARE_PRINTF_(2, 3) TARE_NORETURN_;

/* Not 0 while the iterations that were handed out last are not timed; for what
 * needs no warming. */
TARE_API int tare_warming_(const struct tare *b);

/* End the test as failed in a way that was expected; for what decides that
 * only while the test runs. */
TARE_API void tare_xfail_(struct tare *t, const char *fmt, ...)
    TARE_PRINTF_(2, 3) TARE_NORETURN_;

/* ================================================================== fixtures */

/* How long what a fixture made lives, from long to short.
 *
 * Under `tare test` a fixture of scope TARE_SESSION is set up exactly once in a
 * run, whatever the number of workers, crashes and retries, in a process that
 * runs no tests, and torn down at its end, whatever becomes of the tests.  What
 * it returns is a text (char *, less than 16 KiB) or NULL: a path, a port, an
 * address; all processes of the program get a copy.  Two programs are two: each
 * has its own, also of the same name, and what all programs of a suite share
 * belongs into a fixture of tare.yaml.  Each part of --shard is a run.
 * Benchmarks, and programs run directly, see a session as far as their process
 * does.  A worker ends with its process, as TARE_PROGRAM does. */
enum tare_scope {
    TARE_SESSION = 1, /* the run */
    TARE_WORKER,      /* one worker of the run */
    TARE_PROGRAM,     /* the process of the program */
    TARE_CASE,        /* one case; for a test, made in the test's own process */
    TARE_BATCH        /* one sample of a benchmark; not measured */
};

/* What defines a fixture; filled in by TARE_FIXTURE. */
struct tare_fixture_def {
    size_t size;      /* of this struct in the header in use */
    int scope;        /* enum tare_scope */
    const char *name; /* unique in the program */
    const char *file; /* of its source */
    int line;
    void *(*setup)(struct tare *);                /* the body */
    void (*teardown)(struct tare *, void *value); /* NULL: none */
    struct tare_fixture_def *next_;
    void *state_;

    /* Options, in this order. */
    TARE_OPTION_(const char *needs); /* other fixtures, "database, cache"; none
                                      * may live shorter than this one */
    TARE_OPTION_(int end_);
};

/* Define a fixture: TARE_FIXTURE(name, scope, options...) { return value; }
 *
 *     TARE_FIXTURE(database, TARE_WORKER)
 *     {
 *         return make_database(tare_tmpdir(f));
 *     }
 *     TARE_TEARDOWN(database) { drop_database(value); }
 *
 *     TARE_FIXTURE(connection, TARE_CASE, .needs = "database")
 *     {
 *         return connect_to(tare_fixture(f, "database"));
 *     }
 *     TARE_TEARDOWN(connection) { disconnect(value); }
 *
 *     TARE_TEST(stores, .fixtures = "connection")
 *     {
 *         TARE_CHECK(store(tare_fixture(t, "connection"), "k", "v"));
 *     }
 *
 * Its context is f.  The body makes what cases need and returns a pointer (or
 * NULL when there is nothing to point to).  It runs when the first case of its
 * scope asks; tare_fail(f, ...) in it fails, tare_skip(f, ...) skips, all cases
 * that depend on it, with this message.  What a test changes in memory made
 * before the test's process was forked, no other test sees. */
#define TARE_FIXTURE(...) TARE_FIXTURE_(tare_fixture_##__VA_ARGS__, .end_ = 0)
#define TARE_FIXTURE_(id_, scope_, ...)           \
    static void *id_##_setup_(struct tare *);     \
    TARE_QUIET_                                   \
    static struct tare_fixture_def id_##_def_ = { \
        .size = sizeof(struct tare_fixture_def),  \
        .scope = scope_,                          \
        .name = &#id_[13],                        \
        .file = __FILE__,                         \
        .line = __LINE__,                         \
        .setup = id_##_setup_,                    \
        .teardown = 0,                            \
        .next_ = 0,                               \
        .state_ = 0,                              \
        __VA_ARGS__};                             \
    TARE_LOUD_                                    \
    TARE_START_ static void id_##_start_(void)    \
    {                                             \
        tare_register_fixture_(&id_##_def_);      \
    }                                             \
    static void *id_##_setup_(struct tare *f TARE_UNUSED_)

/* Define how it ends: TARE_TEARDOWN(name) { release(value); }
 *
 * In the same file, after the fixture.  value is what the fixture returned; f
 * is its context.  Runs also after a failed case, in the reverse order of the
 * set-ups.  Of a test that crashed, or was ended by its time limit or an
 * interrupt, those of scope TARE_CASE are gone with its process and do not run;
 * its tare_tmpdir() is removed all the same. */
#define TARE_TEARDOWN(name) TARE_TEARDOWN_(tare_fixture_##name)
#define TARE_TEARDOWN_(id_)                                  \
    static void id_##_teardown_(struct tare *, void *);      \
    TARE_START_ static void id_##_teardown_start_(void)      \
    {                                                        \
        id_##_def_.teardown = id_##_teardown_;               \
    }                                                        \
    static void id_##_teardown_(struct tare *f TARE_UNUSED_, \
                                void *value TARE_UNUSED_)

TARE_API void tare_register_fixture_(struct tare_fixture_def *def);

/* What a fixture returned.  It must be in the option `fixtures` of the case, or
 * in `needs` of the fixture, that asks; otherwise this ends the case. */
TARE_API void *tare_fixture(struct tare *b, const char *name);

/* ==================================================================== checks */

/* In tests, and in helpers that have the context t.  TARE_CHECK... notes a
 * failure and goes on; TARE_REQUIRE... ends the test.  Each evaluates its
 * arguments once and yields whether it held; a failure shows file, line, the
 * expression and both values:
 *
 *     # table.c:12: table_size(table) is 3, expected 4
 *
 * A test without a failure has passed.  A check costs a comparison and a call.
 * From other threads than the test's own, only one at a time, and no
 * TARE_REQUIRE. */
#define TARE_CHECK(cond)   TARE_CHECK_(0, cond)
#define TARE_REQUIRE(cond) TARE_CHECK_(1, cond)

/* Integers of any type, compared as intmax_t. */
#define TARE_CHECK_INT(got, want)   TARE_CHECK_INT_(0, got, want)
#define TARE_REQUIRE_INT(got, want) TARE_CHECK_INT_(1, got, want)

/* |got - want| <= rel * |want|; with want == 0 the bound is rel itself.  NaN
 * equals NaN, an infinity itself. */
#define TARE_CHECK_REL(got, want, rel)   TARE_CHECK_REL_(0, got, want, rel)
#define TARE_REQUIRE_REL(got, want, rel) TARE_CHECK_REL_(1, got, want, rel)

/* Strings; NULL equals NULL only. */
#define TARE_CHECK_STR(got, want)   TARE_CHECK_STR_(0, got, want)
#define TARE_REQUIRE_STR(got, want) TARE_CHECK_STR_(1, got, want)

/* size bytes at both places; NULL is allowed where size is 0. */
#define TARE_CHECK_MEM(got, want, size)   TARE_CHECK_MEM_(0, got, want, size)
#define TARE_REQUIRE_MEM(got, want, size) TARE_CHECK_MEM_(1, got, want, size)

/* End the test as failed, or as skipped: TARE_SKIP("no network on %s", host) */
#define TARE_FAIL(...) tare_fail_at_(t, __FILE__, __LINE__, __VA_ARGS__)
#define TARE_SKIP(...) tare_skip(t, __VA_ARGS__)

#define TARE_CHECK_(fatal, cond) \
    tare_check_(t, !!(cond), fatal, __FILE__, __LINE__, "%s is false", #cond)
#define TARE_CHECK_INT_(fatal, got, want) \
    tare_check_int_(t, fatal, __FILE__, __LINE__, #got, (got), (want))
#define TARE_CHECK_REL_(fatal, got, want, rel) \
    tare_check_rel_(t, fatal, __FILE__, __LINE__, #got, (got), (want), (rel))
#define TARE_CHECK_STR_(fatal, got, want) \
    tare_check_str_(t, fatal, __FILE__, __LINE__, #got, (got), (want))
#define TARE_CHECK_MEM_(fatal, got, want, size) \
    tare_check_mem_(t, fatal, __FILE__, __LINE__, #got, (got), (want), (size))

TARE_API int tare_check_(struct tare *t, int ok, int fatal, const char *file,
                         int line, const char *fmt, ...) TARE_PRINTF_(6, 7);
TARE_API int tare_check_int_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, intmax_t got,
                             intmax_t want);
TARE_API int tare_check_rel_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, double got,
                             double want, double rel);
TARE_API int tare_check_str_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, const char *got,
                             const char *want);
TARE_API int tare_check_mem_(struct tare *t, int fatal, const char *file,
                             int line, const char *what, const void *got,
                             const void *want, size_t size);
TARE_API void tare_fail_at_(struct tare *t, const char *file, int line,
                            const char *fmt, ...)
    TARE_PRINTF_(4, 5) TARE_NORETURN_;

#ifdef __cplusplus
}
#endif

/* ====================================================== keeping the compiler */

/* What an optimiser can prove unused or constant is not measured.  These
 * macros make no instruction of their own; they only take knowledge away.
 *
 * TARE_USE(v)     v is computed here, each time: as if its value were printed.
 *                 Numbers and pointers stay in the register that they are in,
 *                 everything else is written to memory.
 * TARE_OPAQUE(v)  the value of v, which the compiler no longer knows: nothing
 *                 can be folded or moved out of the loop because of it.
 * TARE_ESCAPE(p)  memory that p points to, and all other memory that could be
 *                 reached, is read and written here: results are really stored.
 * TARE_CLOBBER()  all memory that could be reached from outside of this
 *                 function is read and written here.
 *
 *     TARE_LOOP(b)
 *         TARE_USE(hash(TARE_OPAQUE(key)));    computed anew each time
 *
 *     TARE_LOOP(b) {
 *         fill(buffer, n);
 *         TARE_ESCAPE(buffer);                 really filled each time
 *     }
 *
 * One register class a type: constraints with alternatives ("r,m") make clang
 * take memory, and "m,r" both compilers. */
#define TARE_ESCAPE(p) __asm__ volatile("" : : "r"(p) : "memory")
#define TARE_CLOBBER() __asm__ volatile("" : : : "memory")

#if defined(__SSE2__)
#define TARE_FLOAT_ "x"
#elif defined(__aarch64__)
#define TARE_FLOAT_ "w"
#elif defined(__riscv_flen)
#define TARE_FLOAT_ "f"
#else
#define TARE_FLOAT_ "m"
#endif

#ifdef __cplusplus

#include <type_traits>

template <class T> TARE_INLINE_ void tare_use_(const T &v)
{
    if constexpr (std::is_floating_point<T>::value && sizeof(T) <= 8)
        __asm__ volatile("" : : TARE_FLOAT_(v));
    else if constexpr (std::is_scalar<T>::value && sizeof(T) <= sizeof(void *))
        __asm__ volatile("" : : "r"(v));
    else
        __asm__ volatile("" : : "r"(&v) : "memory");
}

template <class T> TARE_INLINE_ T tare_opaque_(T v)
{
    if constexpr (std::is_floating_point<T>::value && sizeof(T) <= 8)
        __asm__ volatile("" : "+" TARE_FLOAT_(v));
    else if constexpr (std::is_scalar<T>::value && sizeof(T) <= sizeof(void *))
        __asm__ volatile("" : "+r"(v));
    else
        __asm__ volatile("" : : "r"(&v) : "memory");
    return v;
}

#define TARE_USE(v)    tare_use_(v)
#define TARE_OPAQUE(v) tare_opaque_(v)

#else

#define TARE_TYPES_(X)                 \
    X(bool, _Bool, "r")                \
    X(char, char, "r")                 \
    X(schar, signed char, "r")         \
    X(uchar, unsigned char, "r")       \
    X(short, short, "r")               \
    X(ushort, unsigned short, "r")     \
    X(int, int, "r")                   \
    X(uint, unsigned, "r")             \
    X(long, long, "r")                 \
    X(ulong, unsigned long, "r")       \
    X(llong, long long, "r")           \
    X(ullong, unsigned long long, "r") \
    X(float, float, TARE_FLOAT_)       \
    X(double, double, TARE_FLOAT_)

#define TARE_KEEP_(name, type, class)                                          \
    TARE_INLINE_ void tare_use_##name##_(type *v, size_t size TARE_UNUSED_)    \
    {                                                                          \
        __asm__ volatile("" : : class(*v));                                    \
    }                                                                          \
    TARE_INLINE_ void tare_opaque_##name##_(type *v, size_t size TARE_UNUSED_) \
    {                                                                          \
        __asm__ volatile("" : "+" class(*v));                                  \
    }
TARE_TYPES_(TARE_KEEP_)

/* Pointers of every type; whatever else has their size goes the same way. */
typedef void *__attribute__((may_alias)) tare_word_;
TARE_KEEP_(word, tare_word_, "r")

/* The condition is a constant, so one branch is left. */
TARE_INLINE_ void tare_use_other_(void *v, size_t size)
{
    if (size == sizeof(void *))
        tare_use_word_((tare_word_ *)v, size);
    else
        __asm__ volatile("" : : "r"(v) : "memory");
}

TARE_INLINE_ void tare_opaque_other_(void *v, size_t size)
{
    if (size == sizeof(void *))
        tare_opaque_word_((tare_word_ *)v, size);
    else
        __asm__ volatile("" : : "r"(v) : "memory");
}

#define TARE_PICK_USE_(name, type, class)    type * : tare_use_##name##_,
#define TARE_PICK_OPAQUE_(name, type, class) type * : tare_opaque_##name##_,

#define TARE_USE(v)                                            \
    __extension__({                                            \
        __auto_type tare_v_ = (v);                             \
        _Generic(&tare_v_, TARE_TYPES_(TARE_PICK_USE_) default \
                 : tare_use_other_)(&tare_v_, sizeof tare_v_); \
    })

#define TARE_OPAQUE(v)                                            \
    __extension__({                                               \
        __auto_type tare_v_ = (v);                                \
        _Generic(&tare_v_, TARE_TYPES_(TARE_PICK_OPAQUE_) default \
                 : tare_opaque_other_)(&tare_v_, sizeof tare_v_); \
        tare_v_;                                                  \
    })

#endif

#endif
