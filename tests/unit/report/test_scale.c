/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons of worker counts, in every form, with hostile names. */
#include <config.h>

#include "report/scale.h"

#include <math.h>

#include "base/scope.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

enum { N = 3, ROUNDS = 7 };

static const int counts[N] = {1, 2, 4};
static const bool all[N] = {true, true, true};

static struct placement_worker worker[] = {
    {.unit = 0, .pu = (int[]){0}, .n_pus = 1},
    {.unit = 1, .pu = (int[]){2}, .n_pus = 1},
    {.unit = 2, .pu = (int[]){4}, .n_pus = 1},
    {.unit = 3, .pu = (int[]){6}, .n_pus = 1},
};

static const struct scale_count places[N] = {
    {.n = 1,
     .breaks = SCALE_BREAK_ONE,
     .placement = {.worker = worker, .n_workers = 1}},
    {.n = 2,
     .breaks = SCALE_BREAK_CACHE | SCALE_BREAK_NODE,
     .placement = {.worker = worker, .n_workers = 2}},
    {.n = 4,
     .breaks = SCALE_BREAK_CORES,
     .no_core_left = true,
     .placement = {.worker = worker, .n_workers = 4}},
};

static struct rank_interval about(double centre, double part)
{
    return (struct rank_interval){.centre = centre,
                                  .low = centre * (1 - part),
                                  .high = centre * (1 + part),
                                  .confidence = 0.96875,
                                  .n = ROUNDS,
                                  .n_needed = 6};
}

static struct scale_figure figure(int n, double seconds, double best)
{
    struct scale_figure f = {
        .count = n,
        .n = ROUNDS,
        .seconds = about(seconds, 0.0078125),
        .speedup = about(4 / seconds, n == 1 ? 0 : 0.015625),
        .of_best = about(best / seconds, n == 4 ? 0 : 0.015625),
        .steal = 0,
        .foreign = n == 4 ? 0.0625 : NAN,
        .line = {.longest = 1.25,
                 .busy = 4.25,
                 .cpu = 4,
                 .fixtures = 0.125,
                 .longest_name = HOSTILE},
    };

    f.efficiency = f.speedup.centre / n;
    f.efficiency_low = f.speedup.low / n;
    f.efficiency_high = f.speedup.high / n;
    return f;
}

static struct scaling_fit law(enum scaling_law which)
{
    return (struct scaling_fit){
        .law = which,
        .gamma = 0.25,
        .gamma_se = 0.0078125,
        .sigma = which > SCALING_LINEAR ? 0.125 : 0,
        .sigma_se = which > SCALING_LINEAR ? 0.015625 : NAN,
        .kappa = which == SCALING_USL ? 0.03125 : 0,
        .kappa_se = which == SCALING_USL ? 0.0078125 : NAN,
        .peak = which == SCALING_USL ? 5.25 : INFINITY,
        .aicc = -100 - 8.0 * (int)which,
    };
}

/* A series, its rounds, and what was found about it. */
struct made {
    struct scale_sample sample[SCALE_SIDES][ROUNDS * N];
    struct scale_series series;
    struct scale_figure figure[N];
    struct scale_change change[N];
    struct scale_case c;
};

static void make(struct made *m, const char *id, enum scale_kind kind)
{
    static const double seconds[N] = {4, 2.25, 1.5};

    *m = (struct made){
        .series = {.has = all,
                   .rounds = ROUNDS,
                   .spent_s = 60.5,
                   .stopped_by = STOPPED_PRECISE,
                   .message = ""},
        .c = {.id = id, .kind = kind, .piece = "", .measured = true}};
    for (int side = 0; side < SCALE_SIDES; side++) {
        m->series.sample[side] = m->sample[side];
        for (int i = 0; i < ROUNDS * N; i++)
            m->sample[side][i].seconds = seconds[i % N] + 0.0625 * (i % 2);
    }
    for (int i = 0; i < N; i++)
        m->figure[i] = figure(counts[i], seconds[i], seconds[N - 1]);
    m->c.series = &m->series;
    m->c.analysis = (struct scale_analysis){
        .figure = m->figure,
        .n_counts = N,
        .rounds = {.complete = ROUNDS, .clean = ROUNDS, .used = ROUNDS},
        .base = 0,
        .best = N - 1,
        .law = SCALING_USL,
        .recommended = N - 1,
        .certain = true,
    };
    for (int l = SCALING_LINEAR; l < SCALING_COUNT; l++) {
        m->c.analysis.fit[l] = law((enum scaling_law)l);
        m->c.analysis.df[l] = 12 - l;
    }
    for (int i = 0; i < N && kind != SCALE_TESTS; i++)
        m->figure[i].line.longest = NAN;
    m->c.loss = scale_limit_of(&m->c.analysis, kind == SCALE_COMMAND);
}

static void make_old(struct made *m)
{
    static const enum scale_verdict verdict[N] = {SCALE_UNCHANGED,
                                                  SCALE_UNDECIDED, SCALE_WORSE};
    static const double ratio[N] = {1, 1.03125, 1.125};

    m->series.old = m->c.compared = true;
    for (int i = 0; i < N; i++)
        m->change[i] = (struct scale_change){.n = ROUNDS,
                                             .ratio = about(ratio[i], 0.03125),
                                             .p = 0.0625 / (i + 1),
                                             .p_adjusted = 0.25 / (i + 1),
                                             .verdict = verdict[i]};
    m->c.against = (struct scale_against){
        .change = m->change, .from = N - 1, .worse = true};
}

DEFINE_SCOPED(struct results *, results_free)

/* A suite, copies without intervals, a command against an old one, a failure;
 * printed by `print`. */
static void with_report(bool old,
                        void (*print)(const struct scale_report *, void *),
                        void *ctx)
{
    SCOPED(results_free_scoped) struct results *results = made_up_results();
    static struct made suite, copies, team, failed;
    struct scale_settings settings = {.count = counts, .n_counts = N};
    struct scale_case cases[4];

    make(&suite, "shop", SCALE_TESTS);
    suite.c.pieces = 12;
    suite.c.piece = "tests";
    make(&copies, "sort/" HOSTILE, SCALE_COPIES);
    copies.c.pieces = 1000;
    copies.c.piece = "items";
    copies.c.analysis.rounds =
        (struct scale_usable){.complete = 3, .clean = 1, .used = 3};
    copies.c.analysis.recommended = -1;
    for (int i = 0; i < N; i++) {
        copies.figure[i].seconds.open = true;
        copies.figure[i].speedup.open = i > 0;
    }
    make(&team, "queue/push", SCALE_THREADS);
    team.c.analysis.rounds.complete = ROUNDS + 2;
    team.c.analysis.certain = false;
    team.c.analysis.recommended = 1;
    team.c.analysis.law = SCALING_AMDAHL;
    make(&failed, "make -j{n}", SCALE_COMMAND);
    failed.series.message = "exit status 2: no rule to make \x1b[31mtarget";
    failed.series.rounds = 0;
    failed.series.stopped_by = STOPPED_UNSET;
    failed.c.measured = false;
    if (old)
        make_old(&suite);
    cases[0] = suite.c;
    cases[1] = copies.c;
    cases[2] = team.c;
    cases[3] = failed.c;
    settings = scale_settings_fill(&settings);
    print(&(struct scale_report){.suite = results->name,
                                 .occasion = &results->occasion[0],
                                 .count = places,
                                 .settings = &settings,
                                 .margin = old ? 0.02 : NAN,
                                 .old = old ? "build/" HOSTILE : NULL,
                                 .cases = cases,
                                 .n_cases = 4,
                                 .wall_s = 61,
                                 .run = 12,
                                 .interrupted = !old},
          ctx);
}

struct printing {
    struct text_style style;
    struct strbuf out;
};

static void print_text(const struct scale_report *report, void *ctx)
{
    struct printing *p = ctx;

    scale_text(report, &p->style, &p->out);
}

static void golden_text(struct tare *t, const char *name, bool old,
                        const struct text_style *style)
{
    struct printing p = {.style = *style};

    with_report(old, print_text, &p);
    CHECK_GOLDEN(name, &p.out);
    strbuf_clear(&p.out);
}

TARE_TEST(text_of_worker_counts)
{
    const struct text_style plain = {.columns = 0};
    const struct text_style quiet = {.quiet = true};
    const struct text_style narrow = {
        .columns = 72, .verbose = true, .color = true};

    golden_text(t, "scale.txt", true, &plain);
    golden_text(t, "scale-quiet.txt", true, &quiet);
    golden_text(t, "scale-narrow.txt", false, &narrow);
}

static void print_json(const struct scale_report *report, void *ctx)
{
    scale_json(report, ctx);
}

static void print_csv(const struct scale_report *report, void *ctx)
{
    scale_csv(report, ctx);
}

static void print_markdown(const struct scale_report *report, void *ctx)
{
    scale_markdown(report, ctx);
}

TARE_TEST(files_of_worker_counts)
{
    static const struct {
        const char *name;
        void (*print)(const struct scale_report *, void *);
    } forms[] = {
        {"scale.json", print_json},
        {"scale.csv", print_csv},
        {"scale.md", print_markdown},
    };

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        with_report(true, forms[i].print, &out);
        CHECK_GOLDEN(forms[i].name, &out);
    }
}
