/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all options. */
#include <config.h>

#include "cli/options.h"

#include <assert.h>
#include <string.h>

#include "base/units.h"
#include "config/suite.h"

enum { SHARDS_MAX = 10000 };

static const char *const formats[] = {
    "text", "json",        "csv",    "markdown", "junit",
    "tap",  "openmetrics", "github", "html",     NULL};
static const char *const whens[] = {"auto", "always", "never", NULL};
static const char *const progresses[] = {"auto", "bar", "plain", "none", NULL};
static const char *const counts[] = {"auto", "logical", NULL};

/* Add a number where it belongs. */
static int add_count(struct worker_counts *out, int n, struct error *err)
{
    size_t at = out->n;

    if (out->n == WORKER_COUNTS_MAX)
        return ERROR(err, ERR_RANGE, "more than %d numbers of workers",
                     WORKER_COUNTS_MAX);
    for (; at > 0 && out->item[at - 1] >= n; at--) {
        if (out->item[at - 1] == n)
            return ERROR(err, ERR_RANGE, "%d is there twice", n);
        out->item[at] = out->item[at - 1];
    }
    out->item[at] = n;
    out->n++;
    return 0;
}

/* "1,2,4" */
static int parse_counts(const char *text, struct worker_counts *out,
                        struct error *err)
{
    struct worker_counts all = {.n = 0};
    const char *at = text;
    int rc = 0;

    for (size_t size; rc == 0; at += size + 1) {
        char piece[16] = "";
        int64_t n;

        size = strcspn(at, ",");
        if (size < sizeof piece)
            memcpy(piece, at, size);
        if (parse_int(piece, 1, SUITE_MAX_WORKERS, &n, NULL) < 0)
            return ERROR(err, ERR_RANGE,
                         "expected numbers from 1 to %d such as 1,2,4, not "
                         "'%.*s' in '%s'",
                         SUITE_MAX_WORKERS, (int)size, at, text);
        rc = add_count(&all, (int)n, err);
        if (!at[size])
            break;
    }
    if (rc == 0)
        *out = all;
    return rc;
}

static int parse_workers(const char *text, void *target, struct error *err)
{
    struct options *options = target;

    options->counts.n = 0;
    if (!strchr(text, ','))
        return workers_parse(text, &options->workers, err);
    options->workers = WORKERS_AUTO;
    return parse_counts(text, &options->counts, err);
}

/* Outcomes to list, as cli/test_show.c shows them. */
static int parse_letters(const char *text, void *target, struct error *err)
{
    static const char letters[] = "fsctlFxa";
    const char **out = target;

    if (!*text || text[strspn(text, letters)])
        return ERROR(err, ERR_RANGE, "expected letters of %s, not '%s'",
                     letters, text);
    *out = text;
    return 0;
}

static int parse_shard(const char *text, void *target, struct error *err)
{
    struct shard *out = target;
    const char *slash = strchr(text, '/');
    char first[16] = "";
    int64_t index, count;

    if (slash && (size_t)(slash - text) < sizeof first)
        memcpy(first, text, (size_t)(slash - text));
    if (!slash || parse_int(slash + 1, 1, SHARDS_MAX, &count, NULL) < 0 ||
        parse_int(first, 1, count, &index, NULL) < 0)
        return ERROR(err, ERR_RANGE,
                     "expected part I of N such as 2/5, not '%s'", text);
    *out = (struct shard){.index = (int)index, .count = (int)count};
    return 0;
}

#define AT(field)           .target = offsetof(struct options, field)
#define FLAG(field)         .kind = KIND_FLAG, AT(field)
#define TEXT(field, arg_)   .kind = KIND_STRING, AT(field), .arg = (arg_)
#define LIST(field, arg_)   .kind = KIND_LIST, AT(field), .arg = (arg_)
#define COMMAS(field, arg_) .kind = KIND_COMMAS, AT(field), .arg = (arg_)
#define TIME(field)         .kind = KIND_DURATION, AT(field), .arg = "TIME"
/* As config/suite_keys.c has it. */
#define RATIO(field, low_, high_)                                  \
    .kind = KIND_RATIO, AT(field), .low = (low_), .high = (high_), \
    .arg = "RATIO"
#define WORD(field, words_, arg_) \
    .kind = KIND_CHOICE, AT(field), .words = (words_), .arg = (arg_)
#define NUMBER(field, low_, high_) \
    .kind = KIND_INT, AT(field), .low = (low_), .high = (high_), .arg = "N"
#define PARSED(field, parse_, arg_) \
    .kind = KIND_PARSED, AT(field), .parse = (parse_), .arg = (arg_)

/* clang-format off: one option a paragraph reads better than any packing. */
static const struct opt table[OPT_COUNT] = {
    [OPT_FILE] = {"file", 'f', TEXT(file, "FILE"), .common = true,
                  .fallback = "tare.yaml, searched upward",
                  .help = "the suite"},
    [OPT_ID] = {"id", 'k', LIST(ids, "GLOB"),
                .help = "only cases whose id matches; repeatable"},
    [OPT_TAGS] = {"tags", 'm', TEXT(tags, "EXPR"),
                  .help = "only cases whose tags do: 'unit and not slow'"},
    [OPT_KIND] = {"kind", 0, WORD(kind, program_kind_words, "KIND"),
                  .fallback = "tare",
                  .help = "of the programs named: googletest, pytest, ..."},
    [OPT_SHARD] = {"shard", 0, PARSED(shard, parse_shard, "I/N"),
                   .help = "only the I-th of N parts, for CI machines"},
    [OPT_LAST_FAILED] = {"last-failed", 0, FLAG(last_failed),
                         .help = "only what failed the last time"},
    [OPT_FAILED_FIRST] = {"failed-first", 0, FLAG(failed_first),
                          .help = "start with what failed the last time"},

    [OPT_COMMAND] = {"command", 'c', LIST(commands, "CMD"),
                     .help = "a command line to measure; repeatable"},
    [OPT_PARAM] = {"param", 'P', LIST(params, "NAME=A,B"),
                   .help = "values for {NAME} in the commands; repeatable"},
    [OPT_BUDGET] = {"budget", 0, TIME(budget_ns), .fallback = "10s",
                    .help = "time for each case"},
    [OPT_MAX_TIME] = {"max-time", 0, TIME(max_time_ns),
                      .help = "time for the whole run"},
    [OPT_TIMEOUT] = {"timeout", 0, TIME(timeout_ns), .fallback = "60s",
                     .low = 10000000, .high = 86400000000000, /* as tare.yaml */
                     .help = "end a test or a command that takes longer"},
    [OPT_SEED] = {"seed", 0, NUMBER(seed, 0, INT64_MAX),
                  .help = "the same seed gives the same plan"},
    [OPT_RESUME] = {"resume", 0, FLAG(resume),
                    .help = "go on with the last run that did not end"},
    [OPT_REQUIRE] = {"require", 0, COMMAS(require, "KEY=VALUE"),
                     .help = "refuse a machine that is not so; repeatable"},

    [OPT_BASELINE] = {"baseline", 0, TEXT(baseline, "NAME"),
                      .help = "the baseline to compare with, or to write"},
    [OPT_AGAINST] = {"against", 0, TEXT(against, "PROGRAM"),
                     .help = "the old program, measured beside the new"},
    [OPT_AGAINST_REV] = {"against-rev", 0, TEXT(against_rev, "REV"),
                         .help = "build the old program from this revision"},
    [OPT_OLD] = {"old", 0, TEXT(old_command, "CMD"),
                 .help = "the old command line"},
    [OPT_NEW] = {"new", 0, TEXT(new_command, "CMD"),
                 .help = "the new command line"},
    [OPT_MARGIN] = {"margin", 0, RATIO(margin, 1, 100000), .fallback = "2%",
                    .help = "the smallest change that matters"},
    [OPT_ALPHA] = {"alpha", 0, RATIO(alpha, 1, 2000), .fallback = "1%",
                   .help = "chance of a false alarm, whole suite"},
    [OPT_EXPLAIN] = {"explain", 0, TEXT(explain, "ID"),
                     .help = "tell step by step how a case was judged"},

    [OPT_RELINK] = {"relink", 0, TEXT(relink, "CMD"),
                    .help = "links layout {seed} of the program to {out}"},
    [OPT_BUILDS] = {"builds", 0, NUMBER(builds, 2, 100), .fallback = "6",
                    .help = "layouts to compare"},

    [OPT_APPEND] = {"append", 0, FLAG(append),
                    .help = "add an occasion to the baseline"},
    [OPT_NO_KEEP_PROGRAMS] = {"no-keep-programs", 0, FLAG(no_keep_programs),
                              .help = "keep the numbers only"},

    [OPT_WORKERS] = {"workers", 'n', .kind = KIND_PARSED,
                     .parse = parse_workers, .arg = "N", .words = counts,
                     .help = "workers: a number, auto or logical"},
    [OPT_BIND] = {"bind", 0, TEXT(bind, "UNIT"), .words = bind_words,
                  .fallback = "core",
                  .help = "one worker per core, pu, llc, numa or none"},
    [OPT_DIST] = {"dist", 0, WORD(dist, dist_words, "MODE"), .fallback = "lpt",
                  .help = "how tests are handed to workers"},
    [OPT_OVERSUBSCRIBE] = {"oversubscribe", 0, FLAG(oversubscribe),
                           .help = "allow more workers than cores"},
    [OPT_TRUST_PARALLEL] = {"trust-parallel", 0, FLAG(trust_parallel),
                            .help = "skip the interference check of -n"},
    [OPT_TOPOLOGY] = {"topology", 0, TEXT(topology, "FILE"),
                      .help = "hwloc XML or a synthetic description"},
    [OPT_SYSROOT] = {"sysroot", 0, TEXT(sysroot, "DIR"), .fallback = "/",
                     .help = "look at the /proc and /sys of DIR"},
    [OPT_WITH] = {"with", 0, TEXT(with, "CMD"),
                  .help = "the debugger or profiler to run under"},

    [OPT_EXIT_FIRST] = {"exit-first", 'x', FLAG(exit_first),
                        .help = "stop at the first failure"},
    [OPT_MAXFAIL] = {"maxfail", 0, NUMBER(maxfail, 1, 1000000),
                     .help = "stop after N failures"},
    [OPT_REPEAT] = {"repeat", 0, NUMBER(repeat, 1, 1000000),
                    .help = "run every test N times"},
    [OPT_RETRIES] = {"retries", 0, NUMBER(retries, 0, 100), .fallback = "0",
                     .help = "try a failed test again; a pass is flaky"},
    [OPT_ORDER] = {"order", 0, WORD(order, order_words, "ORDER"),
                   .fallback = "defined",
                   .help = "defined, random from the seed, given by -k"},
    [OPT_REPLAY] = {"replay", 0, TEXT(replay, "RUN[:WORKER]"),
                    .help = "run again what one worker ran, in that order"},
    [OPT_ISOLATION] = {"isolation", 0, WORD(isolation, isolation_words, "HOW"),
                       .fallback = "process",
                       .help = "process, worker or ns (namespaces)"},
    [OPT_VERIFY_ISOLATION] = {"verify-isolation", 0, FLAG(verify_isolation),
                              .help = "find tests that depend on their order"},
    [OPT_STREAM] = {"stream", 's', FLAG(stream),
                    .help = "show what tests print while they run"},
    [OPT_DURATIONS] = {"durations", 0, NUMBER(durations, 0, 1000000),
                       .help = "show the N slowest tests"},
    [OPT_SUMMARY] = {"summary", 'r', PARSED(summary, parse_letters, "LETTERS"),
                     .help = "list outcomes: f s c t l F x, a for all"},

    [OPT_QUICK] = {"quick", 0, FLAG(quick),
                   .help = "under a minute; refutes only gross failure"},
    [OPT_FULL] = {"full", 0, FLAG(full),
                  .help = "300 comparisons and more, about an hour"},

    [OPT_SINCE] = {"since", 0, TEXT(since, "REV|DATE"),
                   .help = "only from there on; 30d: so many days"},
    [OPT_BRANCH] = {"branch", 0, TEXT(branch, "NAME"),
                    .help = "only of this branch, or all"},
    [OPT_MACHINE] = {"machine", 0, TEXT(machine, "KEY"),
                     .help = "of this machine: a key, here, or all"},
    [OPT_METRIC] = {"metric", 0, TEXT(metric, "NAME"), .fallback = "time",
                    .help = "the metric to look at"},
    [OPT_FAIL_ON_CHANGE] = {"fail-on-change", 0, FLAG(fail_on_change),
                            .help = "exit 1 on a change not acknowledged"},
    [OPT_BEFORE] = {"before", 0, TEXT(before, "DATE"),
                    .help = "only runs begun before; 90d: so many days ago"},
    [OPT_KEEP] = {"keep", 0, NUMBER(keep, 0, 1000000),
                  .help = "never the newest N of a branch and machine"},
    [OPT_SAMPLES_ONLY] = {"samples-only", 0, FLAG(samples_only),
                          .help = "drop raw samples, keep the series"},
    [OPT_REASON] = {"reason", 0, TEXT(reason, "TEXT"),
                    .help = "why this is accepted; kept with it"},
    [OPT_GOOD] = {"good", 0, TEXT(good, "REV"),
                  .help = "a revision before the change"},
    [OPT_BAD] = {"bad", 0, TEXT(bad, "REV"),
                 .help = "a revision after the change"},
    [OPT_MERGE] = {"merge", 0, FLAG(merge),
                   .help = "join the runs of several shards"},
    [OPT_REVISION] = {"revision", 0, TEXT(revision, "REV"),
                      .help = "of the sources, where a file says none"},
    [OPT_TIME] = {"time", 0, TEXT(time, "DATE"),
                  .help = "of measuring, where a file says none"},
    [OPT_PROGRAM] = {"program", 0, TEXT(program, "NAME"),
                     .help = "stands before the '/' of ids"},
    [OPT_ONE_OCCASION] = {"one-occasion", 0, FLAG(one_occasion),
                          .help = "each file is a process of one sitting"},
    [OPT_PORT] = {"port", 0, NUMBER(port, 0, 65535), .fallback = "8273",
                  .help = "listen there; 0 takes any"},
    [OPT_DB] = {"db", 0, TEXT(db, "FILE"), .common = true,
                .fallback = ".tare/tare.db", .help = "where runs are stored"},

    [OPT_FORMAT] = {"format", 0, WORD(format, formats, "FORMAT"),
                    .common = true, .fallback = "text",
                    .help = "form of the output"},
    [OPT_OUTPUT] = {"output", 'o', TEXT(output, "FILE"), .common = true,
                    .help = "write the output there, whole or not at all"},
    [OPT_PROGRESS] = {"progress", 0, WORD(progress, progresses, "HOW"),
                      .common = true, .fallback = "auto",
                      .help = "auto, bar, plain or none"},
    [OPT_COLOR] = {"color", 0, WORD(color, whens, "WHEN"), .common = true,
                   .fallback = "auto", .help = "auto, always or never"},
    [OPT_QUIET] = {"quiet", 'q', FLAG(quiet), .common = true,
                   .help = "print the outcome only"},
    [OPT_VERBOSE] = {"verbose", 'v', FLAG(verbose), .common = true,
                     .help = "print every case and its details"},
    [OPT_DEBUG] = {"debug", 0, FLAG(debug), .common = true,
                   .help = "say where in Tare an error was raised"},
    [OPT_HELP] = {"help", 'h', FLAG(help), .common = true,
                  .help = "show this text"},
};
/* clang-format on */

const struct opt *option(enum opt_id id)
{
    assert(id > OPT_END && id < OPT_COUNT);
    return &table[id];
}
