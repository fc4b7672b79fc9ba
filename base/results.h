/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What measuring yields: the data that runs, baselines, the store, statistics
 * and reports all speak of.
 *
 * The levels are occasion -> invocation -> sample.  A run is a `struct results`
 * with one occasion; a baseline holds one or more.  Everything hangs in the
 * arena of the results and lives as long as they do; strings are never NULL
 * unless said.  Times are in nanoseconds per iteration. */
#ifndef BASE_RESULTS_H
#define BASE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum better {
    BETTER_NONE = 0, /* shown, never judged */
    BETTER_LOWER,
    BETTER_HIGHER,
};

/* The samples of one metric in one invocation (one fresh process). */
struct invocation {
    double *sample;
    size_t n;
};

/* The invocations of one metric on one occasion. */
struct invocations {
    struct invocation *invocation;
    size_t n;
};

struct metric {
    const char *name; /* "time", "max_rss", a user counter's name, ... */
    const char *unit; /* "ns", "B", "1", ... */
    enum better better;
    struct invocations *occasion; /* [results.n_occasions]; n is 0 where the
                                   * case was not measured */
};

enum case_status {
    CASE_MEASURED = 0,
    CASE_FAILED,  /* crashed, hung or said so; see `message` */
    CASE_SKIPPED, /* said so; see `message` */
};

/* Why sampling of a case ended (statistics.md, section 2). */
enum stopped_by {
    STOPPED_UNSET = 0,
    STOPPED_PRECISE,   /* stable and precise enough */
    STOPPED_NO_GAIN,   /* more samples would not help */
    STOPPED_BUDGET,    /* the case's budget ended */
    STOPPED_MAX_TIME,  /* the run's time ended */
    STOPPED_FIXED,     /* a fixed plan was asked for */
    STOPPED_INTERRUPT, /* the user interrupted */
};

struct case_results {
    const char *id;       /* "program/name[key=value]" */
    int64_t version;      /* declared on the case, 0 when not */
    const char *program;  /* path as the suite names it */
    const char *hash;     /* of the program and the libraries it loads, hex;
                          * "" when unknown */
    const char *tags;     /* comma-separated, "" when none */
    const char *result;   /* what tare_result() said, hex; "" when nothing */
    const char *baseline; /* id of the case it is shown relative to, or "" */
    enum case_status status;
    const char *message; /* why it failed or was skipped, "" when measured */
    struct metric *metric;
    size_t n_metrics;
    uint64_t iterations; /* per sample; 0 when they differ */
    int64_t warmup;      /* samples discarded per invocation, -1 when unknown */
    double items;        /* per iteration, 0 when not declared */
    double bytes;        /* per iteration, 0 when not declared */
    double empty_ns;     /* empty loop of the same shape, ns per iteration;
                          * 0 when unknown */
    double disturbed;    /* share of samples with a foreign disturbance,
                          * 0..1; negative when unknown */
    size_t excluded;     /* invocations that did not stay where they were
                          * placed, and so are in no metric */
    enum stopped_by stopped_by;
    double process_ns; /* mean time of an invocation beside its samples: start,
                        * set-up, warm-up; 0 when unknown, never stored */
};

/* One fact about a machine, a build or a plan, e.g. "cpu", "AMD EPYC". */
struct fact {
    const char *name;
    const char *value;
};

struct facts {
    struct fact *fact; /* sorted by name */
    size_t n;
};

/* A reference benchmark of Tare's own, measured beside the cases. */
struct anchor {
    const char *name; /* "integer", "memory", "chase", "syscall" */
    double value;     /* ns per iteration */
};

/* One sitting of measurements on one machine. */
struct occasion {
    const char *created;     /* ISO 8601, UTC, "2026-11-22T22:53:14Z" */
    const char *revision;    /* of the sources, "" when unknown */
    bool dirty;              /* the sources differed from the revision */
    const char *branch;      /* "" when unknown */
    const char *machine_key; /* hash of the stable facts, hex */
    struct facts machine;
    struct facts build; /* compiler, flags as far as known */
    struct facts plan;  /* sampling plan: sample_time, budget, warm-up, ... */
    uint64_t seed;
    struct anchor *anchor;
    size_t n_anchors;
};

struct results {
    struct arena arena;
    const char *name; /* of the baseline or the suite */
    const char *file; /* where it was read from, "" when nowhere */
    struct occasion *occasion;
    size_t n_occasions;
    struct case_results *cases; /* sorted by id in a baseline */
    size_t n_cases;
};

struct results *results_new(void);
void results_free(struct results *results);

/* Add an empty occasion to results, with room for it in every metric.  The
 * pointer stays valid until the next addition.  NULL when out of memory. */
struct occasion *results_add_occasion(struct results *results);

/* Add a case with this id (copied) and all strings "".  NULL when out of
 * memory.  Pointers to other cases become invalid. */
struct case_results *results_add_case(struct results *results, const char *id);

/* The case with this id, or NULL.  Cost: O(cases). */
struct case_results *results_find(const struct results *results,
                                  const char *id);

/* The metric of a case by name, or NULL. */
struct metric *results_metric(const struct case_results *c, const char *name);

/* The same, added with room for every occasion when missing.  NULL when out of
 * memory. */
struct metric *results_need_metric(struct results *results,
                                   struct case_results *c, const char *name,
                                   const char *unit, enum better better);

/* Append one invocation's samples (copied) to a metric's occasion `o`.
 * Returns 0 or ERR_NOMEM. */
int results_add_invocation(struct results *results, struct metric *metric,
                           size_t o, const double *sample, size_t n,
                           struct error *err);

/* Append one occasion of other results to these, everything copied: cases with
 * an id that is here get one more occasion, others are added; facts of a case
 * that is here stay.  Returns 0 or ERR_NOMEM. */
int results_join(struct results *results, const struct results *from,
                 size_t occasion, struct error *err);

/* Set a fact (copied), keeping the list sorted by name.  Returns 0 or
 * ERR_NOMEM. */
int facts_set(struct arena *arena, struct facts *facts, const char *name,
              const char *value, struct error *err);

/* The value of a fact, or NULL. */
const char *facts_get(const struct facts *facts, const char *name);

/* Order cases by id, as a baseline keeps them. */
void results_sort(struct results *results);

/* "lower", "higher", "none"; "measured", ...; "precise", ... : the words that
 * files and JSON use. */
const char *better_name(enum better better);
const char *case_status_name(enum case_status status);
const char *stopped_by_name(enum stopped_by why);

/* The other way; -1 when the word is none of them. */
int better_parse(const char *word, enum better *out);

/* The unit and the direction of the metrics Tare itself knows ("time",
 * "cpu_time", "max_rss", ...); false for a user's counter. */
bool metric_known(const char *name, const char **unit, enum better *better);

/* Whether it is one of those that are counted only when asked for ("allocs",
 * "instructions", ...). */
bool metric_is_counted(const char *name);

#endif
