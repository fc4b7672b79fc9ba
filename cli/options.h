/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every option of every command, described once.
 *
 * A long option means the same in all commands; a command only says which it
 * takes.  Parsing, --help, completion and the test of the manual all read the
 * one table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct cli_cmd;

/* A command lists those it takes and ends the list with OPT_END. */
enum opt_id {
    OPT_END = 0,
    /* what is selected */
    OPT_FILE,
    OPT_ID,
    OPT_TAGS,
    OPT_KIND,
    OPT_SHARD,
    OPT_LAST_FAILED,
    OPT_FAILED_FIRST,
    /* how it is measured */
    OPT_COMMAND,
    OPT_PARAM,
    OPT_BUDGET,
    OPT_MAX_TIME,
    OPT_TIMEOUT,
    OPT_SEED,
    OPT_RESUME,
    OPT_REQUIRE,
    /* what it is compared with */
    OPT_BASELINE,
    OPT_AGAINST,
    OPT_AGAINST_REV,
    OPT_OLD,
    OPT_NEW,
    OPT_MARGIN,
    OPT_ALPHA,
    OPT_EXPLAIN,
    /* in which layouts */
    OPT_RELINK,
    OPT_BUILDS,
    /* what a baseline keeps */
    OPT_APPEND,
    OPT_NO_KEEP_PROGRAMS,
    /* where it runs */
    OPT_WORKERS,
    OPT_BIND,
    OPT_DIST,
    OPT_OVERSUBSCRIBE,
    OPT_TRUST_PARALLEL,
    OPT_TOPOLOGY,
    OPT_SYSROOT,
    OPT_WITH,
    /* how tests run */
    OPT_EXIT_FIRST,
    OPT_MAXFAIL,
    OPT_REPEAT,
    OPT_RETRIES,
    OPT_ORDER,
    OPT_REPLAY,
    OPT_ISOLATION,
    OPT_VERIFY_ISOLATION,
    OPT_STREAM,
    OPT_DURATIONS,
    OPT_SUMMARY,
    /* how long the self-test takes */
    OPT_QUICK,
    OPT_FULL,
    /* which part of the history */
    OPT_SINCE,
    OPT_BRANCH,
    OPT_MACHINE,
    OPT_METRIC,
    OPT_FAIL_ON_CHANGE,
    OPT_BEFORE,
    OPT_KEEP,
    OPT_SAMPLES_ONLY,
    OPT_REASON,
    OPT_GOOD,
    OPT_BAD,
    OPT_MERGE,
    /* what another harness's file does not say */
    OPT_REVISION,
    OPT_TIME,
    OPT_PROGRAM,
    OPT_ONE_OCCASION,
    OPT_PORT,
    OPT_DB,
    /* what is shown */
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_PROGRESS,
    OPT_COLOR,
    OPT_QUIET,
    OPT_VERBOSE,
    /* taken by every command */
    OPT_DEBUG,
    OPT_HELP,
    OPT_COUNT
};

/* The targets of the choices, in the order of the table's words. */
enum format {
    FORMAT_TEXT = 0,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_MARKDOWN,
    FORMAT_JUNIT,
    FORMAT_TAP,
    FORMAT_OPENMETRICS,
    FORMAT_GITHUB,
    FORMAT_HTML,
    FORMAT_COUNT
};
enum when { WHEN_AUTO = 0, WHEN_ALWAYS, WHEN_NEVER };
enum progress_mode {
    PROGRESS_AUTO = 0,
    PROGRESS_BAR,
    PROGRESS_PLAIN,
    PROGRESS_NONE
};
struct string_list {
    const char **item; /* in the arena of the options; text borrowed */
    size_t n;
};

/* Numbers of workers to compare, ascending and different. */
enum { WORKER_COUNTS_MAX = 64 };
struct worker_counts {
    int item[WORKER_COUNTS_MAX];
    size_t n;
};

struct shard {
    int index; /* 1 to count; 0 when not sharded */
    int count;
};

/* The command line, read.  Zeroed is valid: nothing was given.  Text is
 * borrowed from argv.  Where tare.yaml can say the same, a command asks
 * given[] before it takes a value from here. */
struct options {
    struct arena arena;
    bool given[OPT_COUNT];

    const char *file;
    struct string_list ids; /* globs */
    const char *tags;       /* an expression over tags */
    int kind;               /* enum program_kind of config/suite.h */
    struct shard shard;
    bool last_failed;
    bool failed_first;

    struct string_list commands;
    struct string_list params; /* NAME=VALUE,... each */
    int64_t budget_ns;
    int64_t max_time_ns;
    int64_t timeout_ns;
    int64_t seed; /* 0 or more */
    bool resume;
    struct string_list require; /* KEY=VALUE each */

    const char *baseline;
    const char *against;
    const char *against_rev;
    const char *old_command;
    const char *new_command;
    double margin;
    double alpha;
    const char *explain;

    const char *relink;
    int64_t builds; /* 6 when not given */

    bool append;
    bool no_keep_programs;

    int64_t workers; /* a number, or what config/suite.h names for auto and
                       * logical; auto when not given */
    struct worker_counts counts; /* of a list, which only a command that
                                  * compares takes; then `workers` is 0 */
    const char *bind;            /* a word of the table or a list of PUs */
    int dist;                    /* enum dist of config/suite.h */
    bool oversubscribe;
    bool trust_parallel;
    const char *topology;
    const char *sysroot;
    const char *with;

    bool exit_first;
    int64_t maxfail;
    int64_t repeat;
    int64_t retries;
    int order; /* enum order of config/suite.h */
    const char *replay;
    int isolation; /* enum isolation of config/suite.h */
    bool verify_isolation;
    bool stream;
    int64_t durations;
    const char *summary;

    bool quick;
    bool full;

    const char *since;
    const char *branch;
    const char *machine;
    const char *metric;
    bool fail_on_change;
    const char *before;
    int64_t keep;
    bool samples_only;
    const char *reason;
    const char *good;
    const char *bad;
    bool merge;
    const char *revision;
    const char *time;
    const char *program;
    bool one_occasion;
    int64_t port;
    const char *db;

    int format; /* enum format */
    const char *output;
    int progress; /* enum progress_mode */
    int color;    /* enum when */
    bool quiet;
    bool verbose;
    bool debug;
    bool help;

    /* What is not an option, in order. */
    const char **operand; /* in the arena, a NULL behind the last */
    size_t n_operands;
    bool dashes;     /* a "--" was there */
    size_t n_before; /* operands before it; n_operands when it was not */
};

enum opt_kind {
    KIND_NONE = 0,
    KIND_FLAG,     /* bool */
    KIND_STRING,   /* const char * */
    KIND_LIST,     /* struct string_list, repeatable */
    KIND_COMMAS,   /* struct string_list, repeatable and split at commas */
    KIND_INT,      /* int64_t within [low, high] */
    KIND_DURATION, /* int64_t, nanoseconds */
    KIND_RATIO,    /* double, a fraction; low and high are 1/100 % */
    KIND_CHOICE,   /* int, index into words */
    KIND_PARSED,   /* whatever `parse` writes */
};

struct opt {
    const char *name; /* long, without dashes */
    char letter;      /* short, 0 for none */
    enum opt_kind kind;
    size_t target; /* offset of the field in struct options */
    int64_t low, high;
    const char *const *words; /* choices, or suggestions; NULL-terminated */
    int (*parse)(const char *text, void *target, struct error *err);
    const char *arg;      /* name of the value, NULL for a flag */
    const char *fallback; /* what holds when it is not given, NULL when that
                           * needs no saying */
    const char *help;     /* under 50 columns, no full stop */
    bool common;          /* taken by many: last in --help */
};

/* The description of an option; id is between OPT_END and OPT_COUNT. */
const struct opt *option(enum opt_id id);

/* Read the words behind a command's name.
 *
 * options   zeroed; ended by options_clear() on every path
 * cmd       says what is taken: options, formats, number of operands
 * commands  all of them, NULL-terminated, to say which would take an option
 *
 * Options and operands come in any order until "--".  Accepted forms:
 * --name=value, --name value, -xvalue, -x value, bundled flags -qv.  A value
 * of its own word does not begin with "--".  With --help nothing else is
 * checked.  Returns 0, ERR_USAGE with a remedy, or ERR_NOMEM. */
int options_parse(struct options *options, const struct cli_cmd *cmd,
                  const struct cli_cmd *const *commands, int argc,
                  char *const *argv, struct error *err);

void options_clear(struct options *options);

#endif
