/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare.yaml, the suite: what to measure and test, how, and what counts.
 *
 * docs/formats.md is the contract of the file; tare.yaml(5) explains it to its
 * writers.  The default of a key stands in brackets behind its field here and
 * holds when the key is missing; suite_new() yields a suite of nothing but
 * defaults, for use without a file.
 *
 * Everything hangs in the arena of the suite and lives as long as it does.
 * Strings are never NULL unless said.  Times are nanoseconds, shares are
 * fractions (0.02 for 2 %).  Paths are as written: relative ones are meant from
 * suite->folder.  `at` is the place of a thing in the file, for errors found
 * later; its line is 0 when the file says nothing. */
#ifndef CONFIG_SUITE_H
#define CONFIG_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/place.h"

enum {
    SUITE_MAX_BYTES = 1 << 20, /* of a tare.yaml */
    SUITE_MAX_WORKERS = 4096,
    SUITE_MAX_CPU = 65535, /* OS index */
};

/* A list of words: tags, fixtures, metrics, arguments. */
struct words {
    const char **word; /* word[n] is NULL, as in an argv; NULL when n is 0 */
    struct place *at;  /* of each */
    size_t n;
};

/* Names with values, in the order of the file: environments, requirements. */
struct setting {
    const char *name;
    const char *value;
    struct place at;
};

struct settings {
    struct setting *setting;
    size_t n;
};

/* What to execute: words without a shell, or a text for `sh -c`.  Neither is
 * set where a key is missing. */
struct command_line {
    struct words argv; /* n is 0 when `shell` is set or nothing is */
    const char *shell; /* NULL when argv is set or nothing is */
    struct place at;
};

struct tag {
    const char *name;
    const char *text; /* what it means, "" when not said */
    struct place at;
};

struct tags {
    struct tag *tag;
    size_t n;
};

enum program_kind {
    PROGRAM_TARE = 0, /* links libtare */
    PROGRAM_GOOGLE_BENCHMARK,
    PROGRAM_GOOGLETEST,
    PROGRAM_PYTEST,
    PROGRAM_CTEST,
    PROGRAM_TAP,
};

/* How a test shares the machine with others (programs and commands). */
struct sharing {
    int64_t slots;     /* workers it takes, 1..4096 [1] */
    bool exclusive;    /* nothing else runs meanwhile [false] */
    const char *group; /* kept together by loadgroup [""] */
    struct words uses; /* named resources it holds [none] */
};

/* programs: an executable holding cases, or what an adapter runs. */
struct program {
    const char *name; /* first part of its ids [last part of path] */
    const char *path; /* required */
    enum program_kind kind;
    struct words tags; /* added to those of its cases [none]; declared */
    struct words args; /* handed to the program [none] */
    struct settings env;
    struct words fixtures; /* held by each of its cases [none]; declared */
    const char *cwd;       /* [""]: the folder of the suite */
    int64_t timeout;       /* per case, -1 when not set */
    struct sharing sharing;
    struct place at;
};

enum command_kind {
    COMMAND_BENCHMARK = 0,
    COMMAND_TEST,
};

enum stream_kind {
    STREAM_DEFAULT = 0, /* stdin: empty; stdout and stderr: captured, bounded,
                         * shown on failure */
    STREAM_DISCARD,     /* to /dev/null */
    STREAM_FILE,        /* `text` is the path */
    STREAM_TEXT,        /* stdin only: `text` is fed */
};

struct stream {
    enum stream_kind kind;
    const char *text; /* NULL unless `kind` says what it is */
    struct place at;
};

enum expect_kind {
    EXPECT_NOTHING = 0,
    EXPECT_EQUALS,   /* the output is `text`, final newlines aside */
    EXPECT_CONTAINS, /* `text` is somewhere in it */
    EXPECT_MATCHES,  /* the POSIX extended regex `text` matches in it; was
                      * compiled once, so it is known to be valid */
};

struct expect_output {
    enum expect_kind kind;
    const char *text; /* NULL with EXPECT_NOTHING */
    struct place at;
};

/* How a command has to end, else it failed. */
struct expect_end {
    int64_t exit;   /* exit status, 0..255 [0] */
    int64_t signal; /* killed by this signal instead, 1..64 [0: by none] */
    struct expect_output out;
    struct expect_output err;
};

/* One parameter and its values: {name} in the command's words is replaced. */
struct param {
    const char *name;
    struct words values; /* one or more */
    struct place at;
};

struct params {
    struct param *param;
    size_t n;
};

/* commands: a command line as a benchmark or a test.  Its id is its name, with
 * [key=value,...] behind it for each combination of its parameters. */
struct command {
    const char *name; /* required, unique */
    enum command_kind kind;
    struct command_line run; /* required */
    struct stream in, out, err;
    const char *cwd; /* [""]: the folder of the suite */
    struct settings env;
    struct expect_end expect;
    int64_t timeout; /* per execution; -1: that of test or measure [-1] */
    struct command_line prepare; /* before each timed execution, untimed */
    struct command_line cleanup; /* after each, also when it failed */
    bool cold_cache; /* the files' pages are dropped before each [false] */
    struct params params;
    struct words fixtures; /* [none]; declared */
    struct words tags;     /* [none]; declared */
    int64_t version;       /* raising it says: old results do not compare [0] */
    const char *baseline;  /* name of the command it is shown against [""] */
    const char *xfail;     /* expected to fail, why [""] */
    struct sharing sharing;
    struct place at;
};

enum fixture_scope {
    FIXTURE_CASE = 0,
    FIXTURE_SESSION,
    FIXTURE_WORKER,
    FIXTURE_PROGRAM,
    FIXTURE_BATCH,
};

/* fixtures: set-up and tear-down by commands. */
struct fixture {
    const char *name;
    enum fixture_scope scope;
    struct command_line setup;
    struct command_line run;   /* a server, kept in the background */
    struct command_line until; /* repeated until it exits 0: then it is ready */
    struct command_line teardown;
    struct settings env; /* exported to what uses it; $NAME is expanded */
    struct words needs;  /* fixtures set up before; declared, no cycle */
    const char *cwd;     /* [""]: the folder of the suite */
    int64_t timeout;     /* of setup, readiness and teardown each [60 s] */
    struct place at;
};

enum { WORKERS_AUTO = 0, WORKERS_LOGICAL = -1 };

enum bind {
    BIND_CORE = 0,
    BIND_PU,
    BIND_LLC,
    BIND_NUMA,
    BIND_NONE,
    BIND_LIST, /* explicit, see `cpus` */
};

struct worker_plan {
    int64_t workers; /* 1..4096, WORKERS_AUTO or WORKERS_LOGICAL */
    enum bind bind;
    const char *cpus; /* BIND_LIST: OS indices "0,2,4-7"; else "" */
};

enum dist {
    DIST_LPT = 0, /* longest first, one shared queue */
    DIST_LOAD,
    DIST_LOADFILE,
    DIST_LOADSCOPE,
    DIST_LOADGROUP,
    DIST_WORKSTEAL,
    DIST_NO,
};

enum isolation {
    ISOLATION_PROCESS = 0, /* a forked process per test */
    ISOLATION_WORKER,      /* inside the worker: fast, not isolated */
    ISOLATION_NS,          /* own mount, network and /tmp namespaces */
};

enum order {
    ORDER_DEFINED = 0, /* as the distribution wants it */
    ORDER_RANDOM,
    ORDER_GIVEN, /* of the command line's -k, on one worker; not in tare.yaml */
};

/* How many of a named resource there are (test.resources). */
struct resource {
    const char *name;
    int64_t n; /* 1..4096 */
    struct place at;
};

struct resources {
    struct resource *resource;
    size_t n;
};

/* test: how tests run. */
struct test_plan {
    struct worker_plan placement; /* workers [auto], bind [core] */
    enum dist dist;               /* [lpt] */
    enum isolation isolation;     /* [process] */
    enum order order;             /* [defined] */
    int64_t timeout;              /* per test [60 s] */
    int64_t cpu_timeout;          /* CPU time per test, -1 for none [-1] */
    int64_t grace;                /* from SIGTERM to SIGKILL, 0..60 s [2 s] */
    int64_t max_time;             /* whole run, -1 for none [-1] */
    int64_t maxfail; /* stop after so many failures, 0 for never [0] */
    int64_t retries; /* of a failed test, 0..10 [0] */
    struct resources resources; /* a resource not listed exists once */
};

enum { PLAN_AUTO = -1 };

/* measure: how benchmarks run. */
struct measure_plan {
    struct worker_plan placement; /* workers [1], bind [core] */
    int64_t budget;               /* per case, 10 ms..1 h [10 s] */
    int64_t max_time;             /* whole run, -1 for none [-1] */
    int64_t timeout;              /* per invocation [60 s] */
    int64_t sample_time; /* aim for one sample, 10 us..10 s, PLAN_AUTO [auto] */
    int64_t invocations; /* 1..10000, PLAN_AUTO [auto] */
    int64_t samples;     /* per invocation, 1..100000, PLAN_AUTO [auto] */
    int64_t warmup;      /* samples discarded, 0..10000, PLAN_AUTO [auto] */
    double precision;    /* relative half-width to reach, 0.01 %..100 % [1 %] */
    struct words metrics; /* beyond the free ones: instructions, allocs, ...
                           * [none] */
    bool trust_parallel;  /* no interference check [false] */
};

/* build: how to make the programs of a revision. */
struct build {
    struct command_line command; /* [none] */
    struct command_line relink;  /* {seed} in it: another layout [none] */
    struct settings env;
    int64_t timeout; /* [30 min] */
};

enum gate_mode {
    GATE_AUTO = 0, /* interleaved when an old program can be had, else stored */
    GATE_INTERLEAVED,
    GATE_STORED,
};

enum policy {
    POLICY_PASS = 0,
    POLICY_FAIL,
};

/* gate.rules: the first that matches id and metric decides. */
struct gate_rule {
    const char *match;  /* glob of ids ["*"] */
    const char *metric; /* glob of metrics ["time"] */
    double margin;      /* negative when the rule says none */
    bool ignore;        /* shown, never judged [false] */
    struct place at;
};

/* gate.waivers: a change known and accepted for a while. */
struct waiver {
    const char *match;  /* glob of ids, required */
    const char *metric; /* glob of metrics ["time"] */
    double up_to;       /* largest change accepted, required */
    const char *until;  /* last day, "2027-01-31", required */
    const char *reason; /* required, not empty */
    struct place at;
};

/* A margin for the geometric mean of a tag's cases. */
struct tag_margin {
    const char *tag; /* declared */
    double margin;
    struct place at;
};

struct gate {
    const char *baseline;        /* ["main"] */
    double margin;               /* 0.01 %..1000 % [2 %] */
    double alpha;                /* over the whole suite, 0.01 %..20 % [1 %] */
    enum gate_mode mode;         /* [auto] */
    enum policy on_inconclusive; /* [pass] */
    enum policy on_missing;      /* [fail] */
    double occasion_noise; /* relative s.d. between occasions, 0.01 %..100 %;
                            * negative when not stated [not stated] */
    double suite_margin;   /* for the geometric mean of all cases; negative:
                            * not gated [not gated] */
    struct tag_margin *tag_margin; /* [none] */
    size_t n_tag_margins;
    struct words metrics; /* gated ["time"] */
    struct gate_rule *rule;
    size_t n_rules;
    struct waiver *waiver;
    size_t n_waivers;
};

/* expect: one case's metric divided by another's must lie in [low, high]. */
struct expect_ratio {
    const char *id[2];  /* numerator, denominator */
    const char *metric; /* ["time"] */
    double low, high;   /* 0 < low <= high <= 1e9 */
    struct place at;
};

enum alert_direction {
    ALERT_WORSE = 0,
    ALERT_BETTER,
    ALERT_BOTH,
};

/* alerts: change points in the history that somebody wants to hear of. */
struct alert {
    const char *match;              /* glob of ids ["*"] */
    const char *metric;             /* glob of metrics ["time"] */
    double margin;                  /* [gate.margin] */
    enum alert_direction direction; /* [worse] */
    int64_t min_segment;            /* points on each side, 3..100 [3] */
    struct command_line run;        /* executed per change [none] */
    bool fail; /* while a change is open runs exit with 1 [false] */
    struct place at;
};

struct history {
    const char *store; /* [".tare/tare.db"] */
};

struct suite {
    struct arena arena;
    const char *file;   /* as given to suite_parse(), "" without a file */
    const char *folder; /* of the file, "." when it has none */
    const char *name;   /* [""] */
    struct tags tags;
    struct program *program;
    size_t n_programs;
    struct command *command;
    size_t n_commands;
    struct fixture *fixture;
    size_t n_fixtures;
    struct test_plan test;
    struct measure_plan measure;
    struct build build;
    struct gate gate;
    struct expect_ratio *expect;
    size_t n_expects;
    struct alert *alert;
    size_t n_alerts;
    struct history history;
    struct settings require; /* findings of `tare doctor` that must hold */
};

/* A suite of defaults, or NULL when out of memory. */
struct suite *suite_new(void);
void suite_free(struct suite *suite);

/* Read a tare.yaml.
 *
 * file  as the user named it, for messages; its folder becomes suite->folder
 * text  size bytes, no NUL needed
 * out   receives the suite; the caller ends it with suite_free()
 *
 * Returns 0, ERR_PARSE (not YAML, unknown key, undeclared tag or fixture,
 * duplicate id, wrong type), ERR_RANGE (a value, the size, the nesting) or
 * ERR_NOMEM; the place is in the error, the nearest valid name in its help. */
int suite_parse(const char *file, const char *text, size_t size,
                struct suite **out, struct error *err);

/* The same from a file; also ERR_SYS. */
int suite_read(const char *path, struct suite **out, struct error *err);

/* Look for `name` in `folder` (any path to one) and in its parents up to the
 * root.
 *
 * out   receives the path; the caller frees it
 *
 * Returns 0, ERR_EMPTY when there is none, ERR_SYS or ERR_NOMEM. */
int suite_find_upward(const char *folder, const char *name, char **out,
                      struct error *err);

const struct tag *suite_tag(const struct suite *suite, const char *name);
const struct fixture *suite_fixture(const struct suite *suite,
                                    const char *name);

/* ERR_PARSE at a place of the suite's file; used for what is found later (a
 * missing program, a tag that a program uses and the suite does not declare).
 */
#define SUITE_ERROR(err, suite, place, ...)                               \
    ERROR_AT(err, ERR_PARSE, (suite)->file, (place).line, (place).column, \
             __VA_ARGS__)

/* The words of the file and of the command line, in the order of their enums, a
 * NULL behind the last.  BIND_LIST has none. */
extern const char *const program_kind_words[];
extern const char *const bind_words[];
extern const char *const dist_words[];
extern const char *const isolation_words[];
extern const char *const order_words[];

/* The word of the file, for messages and JSON. */
const char *fixture_scope_name(enum fixture_scope scope);

/* "auto", "logical" or a number, as -n takes it.  0 or ERR_RANGE. */
int workers_parse(const char *word, int64_t *out, struct error *err);
/* Whether text lists CPUs by OS index: "0,2,4-7". */
bool is_cpu_list(const char *text);

#endif
