/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running the matches of a contest. */
#include <config.h>

#include "cli/contest.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/contest_show.h"
#include "cli/fixtures.h"
#include "cli/layout.h"
#include "cli/occasion.h"
#include "config/policy.h"
#include "runner/measure/anchors.h"
#include "stats/harrell_davis.h"

int contest_init(struct contest *contest, struct session *session, size_t n,
                 struct error *err)
{
    *contest = (struct contest){
        .session = session, .brief = contest->brief, .moved = NAN};
    contest->match = arena_alloc(&session->arena, n, sizeof *contest->match);
    for (int side = 0; side < WIRE_SIDES; side++) {
        contest->side[side] = results_new();
        if (!contest->side[side] || !results_add_occasion(contest->side[side]))
            return ERROR(err, ERR_NOMEM, "no memory for results");
    }
    return contest->match ? 0 : ERROR(err, ERR_NOMEM, "no memory for a plan");
}

void contest_clear(struct contest *contest)
{
    for (int side = 0; side < WIRE_SIDES; side++)
        results_free(contest->side[side]);
    results_free(contest->stored);
}

bool contest_judged(void *ctx, const char *id, const char *metric,
                    enum better better, struct compare_policy *policy)
{
    const struct session *session = ctx;
    const struct options *options = &session->cli->options;
    struct gate_limit limit = gate_limit(&session->suite->gate, id, metric);

    if (!limit.judged)
        return false;
    policy->better = better;
    policy->margin = options->given[OPT_MARGIN] && !limit.rule ? options->margin
                                                               : limit.margin;
    policy->alpha = session_alpha(session);
    return true;
}

/* --- kept programs --- */

int contest_kept_subject(struct contest *contest, const char *hash,
                         const char *id, const struct subject *like,
                         const struct subject **out, struct error *err)
{
    struct arena *arena = &contest->session->arena;
    struct kept_program *kept = arena_alloc(arena, 1, sizeof *kept);
    struct subject *s = arena_alloc(arena, 1, sizeof *s);
    const char **argv = arena_alloc(arena, 2, sizeof *argv);
    const char **env;
    const char *name = strchr(id, '/');
    int rc;

    if (!kept || !s || !argv || !name)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    rc = programs_find(contest->session->kept, hash, arena, kept, err);
    if (rc < 0)
        return rc;
    env = arena_alloc(arena, kept->n_env + 1, sizeof *env);
    if (!env)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    if (kept->n_env)
        memcpy(env, kept->env, kept->n_env * sizeof *env);
    argv[0] = kept->exec;
    *s = *like;
    s->id = id;
    s->name = name + 1;
    s->program = arena_printf(arena, "%s (kept)", kept->source);
    s->argv = (char *const *)argv;
    s->env = (char *const *)env;
    s->kept = kept;
    *out = s;
    return s->program ? 0 : ERROR(err, ERR_NOMEM, "no memory for a program");
}

/* A kept program must not have mapped anything newer. */
static int check_mapped(void *ctx, const struct subject *subject, int pid,
                        struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    char path[64];
    size_t size;
    int rc;

    (void)ctx;
    if (!subject->kept)
        return 0;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    rc = file_read(path, 4 << 20, &text, &size, err);
    if (rc < 0)
        return rc;
    return programs_check_mapped(subject->program, text, size, subject->kept,
                                 NULL, 0, err);
}

/* --- measuring --- */

static int on_pair(void *ctx, size_t i, size_t k, struct error *err)
{
    struct contest *contest = ctx;
    int rc = record_invocation_of(&contest->record, SIDE_OLD,
                                  contest->side[DUEL_OLD], i, k, err);

    return rc < 0 ? rc
                  : record_invocation_of(&contest->record, SIDE_NEW,
                                         contest->side[DUEL_NEW], i, k, err);
}

/* Cases that have left the first stage. */
static size_t count_explored(const struct contest *contest)
{
    size_t n = 0;

    for (size_t i = 0; i < contest->n_duels; i++) {
        const struct duel_case *d = &contest->duels[i];

        n += d->failed != SIDE_OK ||
             (d->n_metrics && d->metric[0].explored.next != EXPLORE_CONTINUE);
    }
    return n;
}

static void on_progress(void *ctx, int stage, double share, const char *id)
{
    struct contest *contest = ctx;
    char what[300];

    if (stage == 2)
        snprintf(what, sizeof what, "confirming %.250s", id);
    else
        snprintf(what, sizeof what, "%zu of %zu explored, %.250s",
                 count_explored(contest), contest->n_duels, id);
    cli_progress_step(&contest->progress, share, what);
}

static bool on_judged(void *ctx, const char *id, const char *metric,
                      enum better better, struct compare_policy *policy)
{
    struct contest *contest = ctx;

    return contest_judged(contest->session, id, metric, better, policy);
}

static int list_duels(struct contest *contest, struct error *err)
{
    contest->duels = arena_alloc(&contest->session->arena, contest->n_matches,
                                 sizeof *contest->duels);
    if (!contest->duels)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < contest->n_matches; i++) {
        struct match *m = &contest->match[i];

        if (m->mode != COMPARE_INTERLEAVED)
            continue;
        m->duel = &contest->duels[contest->n_duels];
        m->duel_index = contest->n_duels++;
        m->duel->side[DUEL_OLD] = m->old;
        m->duel->side[DUEL_NEW] = m->new;
    }
    return 0;
}

struct duel_settings contest_settings(const struct session *session)
{
    const struct measure_plan *plan = &session->suite->measure;

    return (struct duel_settings){
        .sample_ns = plan->sample_time > 0 ? plan->sample_time : 0,
        .budget_ns = session_budget_ns(session),
        .deadline_ns = session_deadline(session),
        .overtime = !session->cli->options.given[OPT_BUDGET],
        .alpha = session_alpha(session),
        .seed = session->seed,
        .counting = &session->counting,
    };
}

static int describe(struct contest *contest, struct error *err)
{
    for (size_t i = 0; i < contest->n_matches; i++) {
        const struct match *m = &contest->match[i];
        const char *hash[WIRE_SIDES] = {m->old_hash, m->new_hash};

        if (!m->duel)
            continue;
        for (int side = 0; side < WIRE_SIDES; side++) {
            struct case_results *c = &contest->side[side]->cases[m->duel_index];
            int rc;

            c->hash = hash[side];
            c->tags = m->now->tags;
            c->version = m->now->said.version;
            c->program = m->duel->side[side]->program;
            rc = record_case(&contest->record,
                             side == DUEL_OLD ? SIDE_OLD : SIDE_NEW,
                             contest->side[side], m->duel_index, err);
            if (rc < 0)
                return rc;
        }
    }
    return 0;
}

static int measure(struct contest *contest, struct error *err)
{
    struct session *session = contest->session;
    struct duel_settings settings = contest_settings(session);
    struct duel_watch watch = {.ctx = contest,
                               .judged = on_judged,
                               .pair = on_pair,
                               .progress = on_progress};
    struct error why = {0};
    int rc = list_duels(contest, err);

    if (rc < 0 || contest->n_duels == 0)
        return rc;
    live_set_verify(session->live, check_mapped, NULL);
    rc = session_fixtures_begin(session, &why);
    cli_progress_start(session->cli, &contest->progress);
    if (rc == 0)
        rc = duel(&session->executor, contest->duels, contest->n_duels,
                  &settings, &watch, contest->side, &session->arena, &why);
    cli_progress_hide(&contest->progress);
    session_fixtures_end(session, NULL);
    contest->interrupted = rc == ERR_STOPPED;
    if (rc < 0 && rc != ERR_STOPPED) {
        if (err)
            *err = why;
        return rc;
    }
    rc = describe(contest, err);
    return rc < 0 ? rc
                  : session_fixture_times(session, contest->side[DUEL_NEW],
                                          &contest->record, err);
}

/* --- findings --- */

/* The day of today in UTC, "2026-11-22", for waivers. */
static void today(char out[16])
{
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(out, 16, "%Y-%m-%d", &utc);
}

/* A regression that relinking could have made by itself is shown as such; it
 * stays a regression. */
static void look_at_layout(const struct contest *contest, struct finding *f)
{
    struct comparison *m = &f->comparison;

    if (strcmp(f->metric, "time") != 0)
        return;
    m->layout_floor =
        layout_floor(&contest->record,
                     contest->side[DUEL_NEW]->occasion[0].machine_key, f->id);
    if (m->verdict == VERDICT_REGRESSED && m->reason == REASON_NONE &&
        m->low <= m->layout_floor)
        m->reason = REASON_LAYOUT_SUSPECT;
}

int contest_add(struct contest *contest, struct finding f, struct error *err)
{
    struct finding *all = arena_grow(&contest->session->arena, contest->finding,
                                     contest->n_findings, sizeof *all);
    char date[16];

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a finding");
    if (f.comparison.verdict == VERDICT_REGRESSED) {
        const struct waiver *w;

        today(date);
        w = gate_waiver(&contest->session->suite->gate, f.id, f.metric, date);
        /* A waiver covers the change it names, in whichever direction is
         * worse, and not a bigger one. */
        if (w && f.comparison.ratio <= 1 + w->up_to &&
            f.comparison.ratio >= 1 / (1 + w->up_to)) {
            f.waiver = w;
            f.comparison.reason = REASON_WAIVED;
        }
    }
    look_at_layout(contest, &f);
    contest->finding = all;
    all[contest->n_findings++] = f;
    return 0;
}

/* A pair of programs that could not both be measured is one finding. */
static int add_failed(struct contest *contest, const struct match *m,
                      struct finding f, struct error *err)
{
    static const char *const sides[] = {"old", "new"};
    const struct duel_case *d = m->duel;

    f.comparison = comparison_without(
        d->failed == SIDE_SKIPPED ? VERDICT_INCOMPARABLE : VERDICT_FAILED,
        d->why);
    f.message = arena_printf(&contest->session->arena, "%s side: %s",
                             sides[d->failed_side], d->message);
    return f.message ? contest_add(contest, f, err)
                     : ERROR(err, ERR_NOMEM, "no memory for a message");
}

/* A percentile that is to be judged and that its processes were too short to
 * tell must not pass for one that is well. */
static int add_untold(struct contest *contest, const struct match *m,
                      struct finding f, struct error *err)
{
    static const struct {
        const char *name;
        double p;
    } quantile[] = {{"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};
    const struct case_results *now =
        &contest->side[DUEL_NEW]->cases[m->duel_index];
    struct compare_policy policy = compare_defaults();
    int rc = 0;

    if (!results_metric(now, "p50"))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(quantile) && rc == 0; i++) {
        f.metric = quantile[i].name;
        f.pair = NULL;
        f.n_pairs = 0;
        if (results_metric(now, f.metric) ||
            !contest_judged(contest->session, f.id, f.metric, BETTER_LOWER,
                            &policy))
            continue;
        f.comparison = comparison_without(VERDICT_INCONCLUSIVE, REASON_TOO_FEW);
        f.message =
            arena_printf(&contest->session->arena,
                         "%s needs %zu iterations in each process; raise "
                         "measure.sample_time",
                         f.metric, stats_quantile_needs(quantile[i].p));
        rc = f.message ? contest_add(contest, f, err)
                       : ERROR(err, ERR_NOMEM, "no memory for a message");
    }
    return rc;
}

static int add_measured(struct contest *contest, const struct match *m,
                        struct finding f, struct error *err)
{
    const struct duel_case *d = m->duel;
    int rc = 0;

    if (d->failed != SIDE_OK)
        return add_failed(contest, m, f, err);
    for (size_t k = 0; k < d->n_metrics && rc == 0; k++) {
        const struct duel_metric *metric = &d->metric[k];

        f.metric = metric->name;
        f.unit = metric->unit;
        f.better = metric->policy.better;
        f.comparison = metric->comparison;
        if (d->result_changed)
            f.comparison =
                comparison_without(VERDICT_INCOMPARABLE, REASON_RESULT_CHANGED);
        f.pair = metric->pair;
        f.n_pairs = d->n_pairs;
        f.n_excluded = d->n_excluded;
        rc = contest_add(contest, f, err);
    }
    if (d->n_metrics == 0) { /* interrupted before its first pair */
        f.comparison = comparison_without(VERDICT_INCONCLUSIVE, REASON_BUDGET);
        rc = contest_add(contest, f, err);
    }
    return rc < 0 || d->n_metrics == 0 ? rc : add_untold(contest, m, f, err);
}

static int find_all(struct contest *contest, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < contest->n_matches && rc == 0; i++) {
        const struct match *m = &contest->match[i];
        struct finding f = {
            .id = m->id,
            .metric = "time",
            .unit = "ns",
            .better = BETTER_LOWER,
            .tags = m->now      ? m->now->tags
                    : m->before ? m->before->tags
                                : "",
            .comparison = m->settled,
            .message = m->message ? m->message : "",
            .spent_s = m->duel ? (double)m->duel->spent_ns / 1e9 : 0,
        };

        if (m->mode == COMPARE_STORED)
            continue; /* contest_stored.h */
        rc = m->duel ? add_measured(contest, m, f, err)
                     : contest_add(contest, f, err);
    }
    return rc;
}

/* Where both sides are the same programs, there is nothing that the machine
 * could move. */
static bool anything_to_measure(const struct contest *contest)
{
    for (size_t i = 0; i < contest->n_matches; i++)
        if (contest->match[i].mode != COMPARE_UNSET)
            return true;
    return false;
}

static int begin(struct contest *contest, enum run_kind kind, struct error *err)
{
    struct session *session = contest->session;
    struct results *now = contest->side[DUEL_NEW];
    int64_t revision_time;
    int rc = occasion_fill(session, &now->arena, &now->occasion[0],
                           &revision_time, err);

    now->name = session->suite->name;
    if (rc == 0 && !contest->brief && anything_to_measure(contest))
        rc = anchors_measure(&session->executor, "/proc/self/exe", &now->arena,
                             &now->occasion[0], err);
    return rc < 0 ? rc
                  : record_begin(&contest->record, session, kind,
                                 &now->occasion[0], revision_time, err);
}

int contest_run(struct contest *contest, enum run_kind kind, struct error *err)
{
    int64_t began = watch_now_ns();
    int rc = contest_check_explain(contest, err);

    if (rc == 0)
        rc = begin(contest, kind, err);
    if (rc == 0)
        rc = measure(contest, err);
    if (rc == 0)
        rc = find_all(contest, err);
    contest->wall_s = (double)(watch_now_ns() - began) / 1e9;
    return rc;
}

/* --- the status --- */

static enum cli_exit status_of(const struct finding *f, const struct gate *gate)
{
    switch (f->comparison.verdict) {
    case VERDICT_REGRESSED:
        return f->waiver ? CLI_OK : CLI_REGRESSED;
    case VERDICT_FAILED:
        return CLI_UNMEASURED;
    case VERDICT_INCONCLUSIVE:
        return gate->on_inconclusive == POLICY_FAIL ? CLI_UNDECIDED : CLI_OK;
    case VERDICT_GONE:
        return gate->on_missing == POLICY_FAIL ? CLI_UNDECIDED : CLI_OK;
    default:
        return CLI_OK;
    }
}

enum cli_exit contest_status(const struct contest *contest)
{
    enum cli_exit worst = contest->interrupted ? CLI_INTERRUPTED : CLI_OK;
    size_t compared = 0;

    for (size_t i = 0; i < contest->n_findings; i++) {
        const struct finding *f = &contest->finding[i];
        enum verdict v = f->comparison.verdict;

        compared += v == VERDICT_REGRESSED || v == VERDICT_IMPROVED ||
                    v == VERDICT_UNCHANGED || v == VERDICT_INCONCLUSIVE;
        worst = cli_worst(worst, status_of(f, &contest->session->suite->gate));
    }
    for (size_t i = 0; i < contest->n_means; i++)
        if (contest->mean[i].verdict == VERDICT_REGRESSED)
            worst = cli_worst(worst, CLI_REGRESSED);
    return compared ? worst : cli_worst(worst, CLI_NOTHING);
}
