/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons with stored numbers of unchanged programs: how often a run raises
 * a false alarm, and how often a slowdown is found, on the processes of 16
 * sittings (tests/slow/data/README.md) and on generated ones. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>

#include "stats/stored.h"
#include "tests/slow/rates.h"
#include "tests/slow/rule.h"
#include "tests/slow/sessions.h"

enum { SESSIONS = 16, BENCHES = 15, PROCESSES = 12, ANCHORS = 5, MOST = 5 };
enum { SITTINGS = 40, LONGEST = 60 };
enum { SUITE = 40 };

static const double alpha = 0.01;

/* One side of a case: up to MOST occasions of LONGEST processes with a sample each. */
struct side {
    double sample[MOST][LONGEST];
    struct invocation invocation[MOST][LONGEST];
    struct invocations occasion[MOST];
};

struct suite {
    struct side old_side[SUITE], new_side[SUITE];
    struct stored_case cases[SUITE];
    double anchor[ANCHORS];
    size_t n;
};

static gsl_rng *rng;
static struct suite suite;

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "a function failed with %d\n", rc);
        abort();
    }
}

static void put(struct side *side, size_t occasion, size_t process, double log)
{
    side->sample[occasion][process] = exp(log);
    side->invocation[occasion][process] =
        (struct invocation){&side->sample[occasion][process], 1};
    side->occasion[occasion] =
        (struct invocations){side->invocation[occasion], process + 1};
}

static void finish_case(size_t i, size_t occasions)
{
    suite.cases[i] = (struct stored_case){
        .old_occasion = suite.old_side[i].occasion,
        .n_old = occasions,
        .new_side = suite.new_side[i].invocation[0],
        .n_new = suite.new_side[i].occasion[0].n,
        .policy = compare_defaults(),
        .quantile = 0.5,
    };
}

/* Cases of the suite that the stored rule calls slower. */
static size_t judge(void)
{
    struct occasion_noise known = {.anchor = suite.anchor,
                                   .n_anchors = ANCHORS};
    struct comparison out[SUITE];
    double s[SUITE];
    size_t regressed = 0;

    must(stored_noise(suite.cases, suite.n, &known, s, NULL));
    must(stored_compare(suite.cases, suite.n, alpha, s, out, NULL));
    for (size_t i = 0; i < suite.n; i++)
        regressed += out[i].verdict == VERDICT_REGRESSED;
    return regressed;
}

/* --- measured sittings */

static const struct session_group *sitting[SESSIONS][BENCHES];

static void read_sittings(void)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of("p12", NULL, g);

    if (n != (size_t)SESSIONS * BENCHES)
        abort();
    for (size_t i = 0; i < n; i++)
        sitting[i / BENCHES][i % BENCHES] = g[i];
}

static double median_of(size_t session, size_t bench)
{
    double x[PROCESSES];

    memcpy(x, sitting[session][bench]->value, sizeof x);
    gsl_sort(x, 1, PROCESSES);
    return (x[PROCESSES / 2 - 1] + x[PROCESSES / 2]) / 2;
}

/* The first five benchmarks stand for anchors, the others are the cases. */
static void fill_measured(const size_t *session, size_t occasions,
                          const size_t *bench, double effect)
{
    size_t now = session[occasions];

    suite.n = BENCHES - ANCHORS;
    for (size_t i = 0; i < ANCHORS; i++)
        suite.anchor[i] = median_of(now, bench[i]) -
                          median_of(session[occasions - 1], bench[i]);
    for (size_t i = 0; i < suite.n; i++) {
        size_t b = bench[ANCHORS + i];

        for (size_t k = 0; k < PROCESSES; k++) {
            for (size_t o = 0; o < occasions; o++)
                put(&suite.old_side[i], o, k, sitting[session[o]][b]->value[k]);
            put(&suite.new_side[i], 0, k, sitting[now][b]->value[k] + effect);
        }
        finish_case(i, occasions);
    }
}

static void shuffled(size_t *index, size_t n)
{
    for (size_t i = 0; i < n; i++)
        index[i] = i;
    gsl_ran_shuffle(rng, index, n, sizeof *index);
}

static void measured(size_t occasions, double effect, size_t *alarms,
                     size_t *found, size_t runs)
{
    *alarms = *found = 0;
    for (size_t r = 0; r < runs; r++) {
        size_t session[SESSIONS], bench[BENCHES], n;

        shuffled(session, SESSIONS);
        shuffled(bench, BENCHES);
        fill_measured(session, occasions, bench, effect);
        n = judge();
        *alarms += n > 0;
        *found += n;
    }
}

static void show_measured(size_t occasions, double bound)
{
    enum { RUNS = 2000 };
    char name[80];
    size_t alarms, found;

    measured(occasions, 0, &alarms, &found, RUNS);
    snprintf(name, sizeof name, "%zu stored: runs with a false alarm",
             occasions);
    rate_check(name, alarms, RUNS, 0, bound);
    for (double ratio = 1.3; ratio < 2.5; ratio += 0.7) {
        measured(occasions, log(ratio), &alarms, &found, RUNS);
        snprintf(name, sizeof name, "  x %.1f in all cases found", ratio);
        rate_note(name, 100 * (double)found / (RUNS * (BENCHES - ANCHORS)),
                  "%");
    }
}

/* --- runs of this program, with its own anchors */

struct run {
    const char *name;
    const struct session_group *group[BENCHES], *anchor[ANCHORS];
    size_t n, n_anchors;
};

static struct run runs[SITTINGS];
static size_t n_runs;

static struct run *run_named(const char *name)
{
    for (size_t i = 0; i < n_runs; i++)
        if (!strcmp(runs[i].name, name))
            return &runs[i];
    if (n_runs == SITTINGS)
        abort();
    runs[n_runs].name = name;
    return &runs[n_runs++];
}

static void read_runs(void)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t n = sessions_of("sit", NULL, g);
    struct run *run;

    for (size_t i = 0; i < n; i++) {
        run = run_named(g[i]->session);
        run->group[run->n++] = g[i];
    }
    n = sessions_of("anchor", NULL, g);
    for (size_t i = 0; i < n; i++) {
        run = run_named(g[i]->session);
        run->anchor[run->n_anchors++] = g[i];
    }
}

static void fill_side(struct side *side, const struct session_group *g,
                      double effect)
{
    for (size_t k = 0; k < g->n && k < LONGEST; k++)
        put(side, 0, k, g->value[k] + effect);
}

static void fill_runs(const struct run *before, const struct run *after,
                      double effect)
{
    suite.n = 0;
    for (size_t i = 0; i < ANCHORS; i++)
        suite.anchor[i] =
            after->anchor[i]->value[0] - before->anchor[i]->value[0];
    for (size_t i = 0; i < before->n; i++)
        for (size_t k = 0; k < after->n; k++)
            if (!strcmp(before->group[i]->bench, after->group[k]->bench)) {
                fill_side(&suite.old_side[suite.n], before->group[i], 0);
                fill_side(&suite.new_side[suite.n], after->group[k], effect);
                finish_case(suite.n++, 1);
            }
}

static void show_runs(void)
{
    static const double change[] = {0, 0.1, 0.2};

    for (size_t e = 0; e < 3; e++) {
        size_t alarms = 0, found = 0, all = 0, cases = 0;

        for (size_t a = 0; a < n_runs; a++)
            for (size_t b = 0; b < n_runs; b++) {
                size_t n;

                if (a == b)
                    continue;
                fill_runs(&runs[a], &runs[b], log1p(change[e]));
                n = judge();
                alarms += n > 0;
                found += n;
                all++;
                cases += suite.n;
            }
        if (e == 0)
            rate_check("one stored run: runs with a false alarm", alarms, all,
                       0, alpha);
        else
            rate_note(e == 1 ? "  x 1.1 in all cases found"
                             : "  x 1.2 in all cases found",
                      100 * (double)found / (double)cases, "%");
    }
}

/* --- generated sittings */

/* A world where cases differ in their noise, where noise between sittings is
 * some 0.4 of that between processes, as in the measured ones, but with heavier
 * tails and only roughly, and where the machine moves as a whole by `level`
 * while two anchors in five are wild. */
struct world {
    double noise; /* median of the cases', log */
    double level;
    double effect; /* of the first case */
};

static void generate(const struct world *w)
{
    suite.n = SUITE;
    for (size_t i = 0; i < ANCHORS; i++)
        suite.anchor[i] = w->level + (i < 2 ? gsl_ran_gaussian(rng, 0.5)
                                            : gsl_ran_gaussian(rng, w->noise));
    for (size_t i = 0; i < SUITE; i++) {
        double spread = w->noise * exp(gsl_ran_gaussian(rng, 0.7));
        double between = 0.4 * spread * exp(gsl_ran_gaussian(rng, 0.4));
        double shift = w->level + between * M_SQRT2 * rule_noise(rng, 5) +
                       (i == 0 ? w->effect : 0);

        for (size_t k = 0; k < PROCESSES; k++) {
            put(&suite.old_side[i], 0, k, spread * rule_noise(rng, 4));
            put(&suite.new_side[i], 0, k, shift + spread * rule_noise(rng, 4));
        }
        finish_case(i, 1);
    }
}

static void show_generated(double noise, double level)
{
    enum { RUNS = 1000 };
    struct world w = {.noise = noise, .level = level};
    size_t alarms = 0, found = 0;
    char name[80];

    for (size_t r = 0; r < RUNS; r++) {
        w.effect = 0;
        generate(&w);
        alarms += judge() > 0;
        w.effect = log(1.3);
        generate(&w);
        found += judge() > 0;
    }
    snprintf(name, sizeof name,
             "noise %g %%, machine %+g %%: runs with a false alarm",
             100 * noise, 100 * level);
    rate_check(name, alarms, RUNS, 0, 0.02);
    rate_note("  one case x 1.3 found", 100 * (double)found / RUNS, "%");
}

int main(void)
{
    size_t count;

    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 2026);
    sessions_read(&count);
    read_sittings();
    rate_title("Stored numbers, 10 unchanged programs on another of 16 "
               "sittings; 5 more stand for anchors");
    show_measured(1, 0.01);
    show_measured(3, 0.01);
    show_measured(5, 0.01);
    rate_title("Stored numbers, 9 unchanged benchmarks in 32 runs with their "
               "anchors");
    read_runs();
    show_runs();
    rate_title("The same generated: 40 cases, one stored occasion, two of five "
               "anchors wild");
    show_generated(0.01, 0);
    show_generated(0.03, 0);
    show_generated(0.03, 0.2);
    gsl_rng_free(rng);
    return rate_end();
}
