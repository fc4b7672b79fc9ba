/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing with numbers that were stored, when no old program can be had. */
#include <config.h>

#include "cli/contest_stored.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "cli/fixtures.h"
#include "cli/measure.h"
#include "config/policy.h"
#include "stats/exact.h"
#include "stats/occasion.h"
#include "stats/stored.h"
#include "store/verdicts.h"

/* Newest past verdicts that noise is learned from. */
enum { LEARN_FROM = 100 };

/* One judged metric of one case, both sides known. */
struct stored_item {
    struct finding finding;
    struct stored_case sides;
};

/* All of a contest's, so that they are one family. */
struct stored_family {
    struct contest *contest;
    const struct results *old, *now;
    const bool *usable; /* occasions of `old` that `now` can be compared with */
    enum verdict_reason unusable; /* why the newest is none */
    struct stored_item *item;
    size_t n;
};

/* The occasions of a metric that may be compared, one after the other. */
static const struct invocations *usable_occasions(struct stored_family *family,
                                                  const struct metric *metric,
                                                  size_t *n)
{
    struct invocations *all =
        arena_alloc(&family->contest->session->arena, family->old->n_occasions,
                    sizeof *all);

    *n = 0;
    for (size_t o = 0; all && o < family->old->n_occasions; o++)
        if (family->usable[o] && metric->occasion[o].n)
            all[(*n)++] = metric->occasion[o];
    return all;
}

/* What earlier gates on this machine learned of a case's noise, a log ratio; 0
 * without a store, and where it cannot tell. */
static double learned_noise(const struct stored_family *family,
                            const struct finding *f)
{
    struct session *session = family->contest->session;
    const struct occasion *now =
        &family->now->occasion[family->now->n_occasions - 1];
    double *ratio, noise = 0;
    size_t n;

    if (!family->contest->record.store ||
        verdicts_past(family->contest->record.store, session->suite->name,
                      f->id, f->metric, now->machine_key,
                      mode_name(COMPARE_STORED),
                      verdict_name(VERDICT_UNCHANGED), LEARN_FROM,
                      &session->arena, &ratio, &n, NULL) < 0 ||
        occasion_learned(ratio, n, &noise, NULL) < 0)
        return 0;
    return noise;
}

static int add_item(struct stored_family *family, struct finding f,
                    const struct metric *old, const struct metric *now,
                    const struct compare_policy *policy, struct error *err)
{
    const struct invocations *newest =
        &now->occasion[family->now->n_occasions - 1];
    struct stored_item *all = arena_grow(&family->contest->session->arena,
                                         family->item, family->n, sizeof *all);
    struct stored_item item = {.finding = f};

    item.sides = (struct stored_case){
        .new_side = newest->invocation,
        .n_new = newest->n,
        .policy = *policy,
        .quantile = 0.5,
        .learned = learned_noise(family, &f),
    };
    item.sides.old_occasion = usable_occasions(family, old, &item.sides.n_old);
    if (!all || !item.sides.old_occasion)
        return ERROR(err, ERR_NOMEM, "no memory for a comparison");
    family->item = all;
    all[family->n++] = item;
    return 0;
}

static int add_settled(struct stored_family *family, struct finding f,
                       enum verdict verdict, enum verdict_reason reason,
                       struct error *err)
{
    f.comparison = comparison_without(verdict, reason);
    return contest_add(family->contest, f, err);
}

static int add_metric(struct stored_family *family, struct finding f,
                      const struct case_results *old, const struct metric *now,
                      struct error *err)
{
    struct compare_policy policy = compare_defaults();
    const struct metric *before = results_metric(old, now->name);

    if (!before || now->better == BETTER_NONE ||
        !contest_judged(family->contest->session, f.id, now->name, now->better,
                        &policy))
        return 0;
    f.metric = now->name;
    f.unit = now->unit;
    f.better = now->better;
    if (strcmp(before->unit, now->unit) != 0 || before->better != now->better)
        return add_settled(family, f, VERDICT_INCOMPARABLE, REASON_UNIT, err);
    return add_item(family, f, before, now, &policy, err);
}

/* Every judged metric of a case that both sides have. */
static int add_case(struct stored_family *family,
                    const struct case_results *old,
                    const struct case_results *now, struct error *err)
{
    struct finding f = {.id = now->id,
                        .metric = "time",
                        .unit = "ns",
                        .better = BETTER_LOWER,
                        .tags = now->tags,
                        .message = ""};
    int rc = 0;

    if (now->status != CASE_MEASURED) {
        f.message = now->message;
        return add_settled(family, f, VERDICT_FAILED, REASON_CRASHED, err);
    }
    if (old->version != now->version)
        return add_settled(family, f, VERDICT_INCOMPARABLE, REASON_VERSION,
                           err);
    if (strcmp(old->result, now->result) != 0)
        return add_settled(family, f, VERDICT_INCOMPARABLE,
                           REASON_RESULT_CHANGED, err);
    for (size_t m = 0; m < now->n_metrics && rc == 0; m++)
        rc = add_metric(family, f, old, &now->metric[m], err);
    return rc;
}

/* --- deciding --- */

/* On the newest occasion that may be compared; NaN for none. */
static double old_anchor(const struct stored_family *family, const char *name)
{
    for (size_t o = family->old->n_occasions; o-- > 0;) {
        const struct occasion *newest = &family->old->occasion[o];

        if (!family->usable[o])
            continue;
        for (size_t i = 0; i < newest->n_anchors; i++)
            if (strcmp(newest->anchor[i].name, name) == 0)
                return newest->anchor[i].value;
        break;
    }
    return NAN;
}

/* Log ratios new/old of the anchors both occasions have. */
static double *anchor_ratios(struct arena *arena,
                             const struct stored_family *family, size_t *n)
{
    const struct occasion *now =
        &family->now->occasion[family->now->n_occasions - 1];
    double *ratio = arena_alloc(arena, now->n_anchors, sizeof *ratio);

    *n = 0;
    for (size_t i = 0; ratio && i < now->n_anchors; i++) {
        double before = old_anchor(family, now->anchor[i].name);

        if (before > 0 && now->anchor[i].value > 0)
            ratio[(*n)++] = log(now->anchor[i].value / before);
    }
    return ratio;
}

static bool settle_exactly(struct stored_item *item)
{
    const struct stored_case *s = &item->sides;
    const struct invocations *old =
        s->n_old ? &s->old_occasion[s->n_old - 1] : NULL;

    return old && strcmp(item->finding.unit, "ns") != 0 &&
           exact_is_deterministic(old->invocation, old->n) &&
           exact_is_deterministic(s->new_side, s->n_new) &&
           exact_compare(old->invocation, old->n, s->new_side, s->n_new,
                         &s->policy, &item->finding.comparison, NULL) == 0;
}

/* Compare what needs statistics, as one family. */
static int compare_noisy(struct stored_family *family, const size_t *index,
                         size_t n, struct error *err)
{
    struct session *session = family->contest->session;
    struct arena *arena = &session->arena;
    const struct gate *gate = &session->suite->gate;
    struct stored_case *cases = arena_alloc(arena, n, sizeof *cases);
    struct comparison *out = arena_alloc(arena, n, sizeof *out);
    double *s = arena_alloc(arena, n, sizeof *s);
    struct occasion_noise known = {
        .stated = gate->occasion_noise > 0 ? gate->occasion_noise : 0};
    int rc;

    known.anchor = anchor_ratios(arena, family, &known.n_anchors);
    if (!cases || !out || !s || !known.anchor)
        return ERROR(err, ERR_NOMEM, "no memory for %zu comparisons", n);
    for (size_t k = 0; k < n; k++)
        cases[k] = family->item[index[k]].sides;
    rc = stored_noise(cases, n, &known, s, err);
    if (rc == 0)
        rc = stored_compare(cases, n, session_alpha(session), s, out, err);
    for (size_t k = 0; k < n && rc == 0; k++)
        family->item[index[k]].finding.comparison = out[k];
    return rc;
}

static int decide(struct stored_family *family, struct error *err)
{
    size_t *noisy =
        arena_alloc(&family->contest->session->arena, family->n, sizeof *noisy);
    size_t n = 0;
    int rc = 0;

    if (!noisy)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    for (size_t k = 0; k < family->n; k++)
        if (!settle_exactly(&family->item[k]))
            noisy[n++] = k;
    if (n)
        rc = compare_noisy(family, noisy, n, err);
    for (size_t k = 0; k < family->n && rc == 0; k++)
        rc = contest_add(family->contest, family->item[k].finding, err);
    return rc;
}

static const char *plan_word(const struct occasion *o, const char *name)
{
    const char *word = facts_get(&o->plan, name);

    return word ? word : "";
}

/* What was imported says which harness measured it, and of what kind its
 * figures are where it has no samples.  Tare can run other harnesses itself,
 * so its own numbers may meet theirs. */
static bool same_method(const struct occasion *a, const struct occasion *b)
{
    const char *x = plan_word(a, "harness"), *y = plan_word(b, "harness");

    return (!*x || !*y || strcmp(x, y) == 0) &&
           strcmp(plan_word(a, "summary"), plan_word(b, "summary")) == 0;
}

/* Occasions of another machine are no scale for this one; what was measured on
 * an unknown one is comparable with nothing. */
static bool find_usable(struct stored_family *family,
                        const struct occasion *now, bool *any)
{
    const struct results *old = family->old;
    bool *usable = arena_alloc(&family->contest->session->arena,
                               old->n_occasions, sizeof *usable);

    *any = false;
    for (size_t o = 0; usable && o < old->n_occasions; o++) {
        const struct occasion *then = &old->occasion[o];
        bool here = *now->machine_key &&
                    strcmp(then->machine_key, now->machine_key) == 0;

        usable[o] = here && same_method(then, now);
        family->unusable = here ? REASON_METHOD : REASON_MACHINE;
        *any = *any || usable[o];
    }
    family->usable = usable;
    return usable;
}

/* --- a gate's --- */

static int settle_all(struct contest *contest, enum verdict_reason why,
                      struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < contest->n_matches && rc == 0; i++) {
        const struct match *m = &contest->match[i];
        struct finding f = {
            .id = m->id,
            .metric = "time",
            .unit = "ns",
            .better = BETTER_LOWER,
            .comparison = comparison_without(VERDICT_INCOMPARABLE, why),
            .message = "",
        };

        if (m->mode != COMPARE_STORED)
            continue;
        f.tags = m->now->tags;
        rc = contest_add(contest, f, err);
    }
    return rc;
}

/* Measure those matches alone; what else is selected has had its duel. */
static int measure_stored(struct contest *contest, struct measured_suite *suite,
                          struct error *err)
{
    struct session *session = contest->session;
    struct occasion *occasion;
    int rc;

    session->n_selected = 0;
    for (size_t i = 0; i < contest->n_matches; i++)
        if (contest->match[i].mode == COMPARE_STORED)
            session->selected[session->n_selected++] =
                (size_t)(contest->match[i].now - session->catalog.item);
    *suite = (struct measured_suite){.results = results_new(),
                                     .record = contest->record};
    occasion = suite->results ? results_add_occasion(suite->results) : NULL;
    if (!occasion)
        return ERROR(err, ERR_NOMEM, "no memory for results");
    *occasion = contest->side[DUEL_NEW]->occasion[0];
    rc = measure_selected(session, suite, err);
    contest->record = suite->record;
    contest->interrupted = contest->interrupted || suite->interrupted;
    return rc;
}

static int compare_measured(struct contest *contest,
                            struct stored_family *family, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < contest->n_matches && rc == 0; i++) {
        const struct match *m = &contest->match[i];
        const struct case_results *now;

        if (m->mode != COMPARE_STORED)
            continue;
        now = results_find(family->now, m->id);
        if (now)
            rc = add_case(family, m->before, now, err);
    }
    return rc < 0 ? rc : decide(family, err);
}

int contest_run_stored(struct contest *contest, const struct results *baseline,
                       struct error *err)
{
    struct stored_family family = {.contest = contest, .old = baseline};
    struct measured_suite suite = {.results = NULL};
    size_t stored = 0;
    bool any;
    int rc;

    for (size_t i = 0; i < contest->n_matches; i++)
        stored += contest->match[i].mode == COMPARE_STORED;
    if (stored == 0)
        return 0;
    if (!find_usable(&family, &contest->side[DUEL_NEW]->occasion[0], &any))
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    if (!any)
        return settle_all(contest, family.unusable, err);
    rc = measure_stored(contest, &suite, err);
    family.now = suite.results;
    if (rc == 0)
        rc = compare_measured(contest, &family, err);
    /* Findings point into its strings. */
    contest->stored = suite.results;
    return rc;
}

/* --- set-ups and tear-downs --- */

static int add_fixture(struct stored_family *family,
                       const struct case_results *now, struct error *err)
{
    const struct case_results *old = results_find(family->old, now->id);
    struct finding f = {.id = now->id,
                        .metric = "time",
                        .unit = "ns",
                        .better = BETTER_LOWER,
                        .tags = "",
                        .message = ""};

    if (!is_fixture_id(now->id) ||
        !gate_judges_fixture(&family->contest->session->suite->gate, now->id))
        return 0;
    if (!old)
        return add_settled(family, f, VERDICT_NEW, REASON_NONE, err);
    return family->usable ? add_case(family, old, now, err)
                          : add_settled(family, f, VERDICT_INCOMPARABLE,
                                        family->unusable, err);
}

/* There is no old program of a fixture that could be had. */
static void blame_budget(struct contest *contest)
{
    for (size_t i = 0; i < contest->n_findings; i++) {
        struct finding *f = &contest->finding[i];

        if (is_fixture_id(f->id) && f->comparison.reason == REASON_NEEDS_OLD)
            f->comparison.reason = REASON_BUDGET;
    }
}

int contest_run_fixtures(struct contest *contest,
                         const struct results *baseline, struct error *err)
{
    const struct results *now = contest->side[DUEL_NEW];
    struct stored_family family = {.contest = contest, .old = baseline};
    bool any;
    int rc = session_fixture_times(contest->session, contest->side[DUEL_NEW],
                                   &contest->record, err);

    if (rc < 0)
        return rc;
    if (!find_usable(&family, &now->occasion[0], &any))
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    if (!any)
        family.usable = NULL;
    /* Measured for the pairs, or for the stored numbers. */
    for (int i = 0; i < 2 && rc == 0; i++) {
        family.now = i == 0 ? now : contest->stored;
        family.n = 0;
        for (size_t k = 0; family.now && k < family.now->n_cases && rc == 0;
             k++)
            rc = add_fixture(&family, &family.now->cases[k], err);
        if (rc == 0 && family.n)
            rc = decide(&family, err);
    }
    blame_budget(contest);
    return rc;
}

/* --- two stored sets --- */

static int add_one_sided(struct contest *contest, const struct case_results *c,
                         enum verdict verdict, struct error *err)
{
    struct finding f = {
        .id = c->id,
        .metric = "time",
        .unit = "ns",
        .better = BETTER_LOWER,
        .tags = c->tags,
        .comparison = comparison_without(verdict, REASON_NONE),
        .message = "",
    };

    return contest_add(contest, f, err);
}

/* Set-ups and tear-downs only where a rule names them. */
static bool is_judged(const struct contest *contest, const char *id)
{
    return !is_fixture_id(id) ||
           gate_judges_fixture(&contest->session->suite->gate, id);
}

static int compare_sets(struct contest *contest, struct stored_family *family,
                        bool comparable, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < family->now->n_cases && rc == 0; i++) {
        const struct case_results *now = &family->now->cases[i];
        const struct case_results *old = results_find(family->old, now->id);

        if (!is_judged(contest, now->id))
            continue;
        if (!old)
            rc = add_one_sided(contest, now, VERDICT_NEW, err);
        else if (comparable)
            rc = add_case(family, old, now, err);
        else
            rc = add_one_sided(contest, now, VERDICT_INCOMPARABLE, err);
        if (rc == 0 && old && !comparable)
            contest->finding[contest->n_findings - 1].comparison.reason =
                family->unusable;
    }
    for (size_t i = 0; i < family->old->n_cases && rc == 0; i++)
        if (is_judged(contest, family->old->cases[i].id) &&
            !results_find(family->now, family->old->cases[i].id))
            rc = add_one_sided(contest, &family->old->cases[i], VERDICT_GONE,
                               err);
    return rc < 0 ? rc : decide(family, err);
}

int contest_of_stored(struct contest *contest, const struct results *old,
                      const struct results *now, struct error *err)
{
    struct stored_family family = {.contest = contest, .old = old, .now = now};
    bool comparable;

    if (old->n_occasions == 0 || now->n_occasions == 0)
        return ERROR(err, ERR_EMPTY, "'%s' holds no occasion",
                     old->n_occasions ? now->file : old->file);
    contest->side[DUEL_NEW]->occasion[0] = now->occasion[now->n_occasions - 1];
    if (!find_usable(&family, &now->occasion[now->n_occasions - 1],
                     &comparable))
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    return compare_sets(contest, &family, comparable, err);
}
