/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the findings of a contest say together. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/names.h"
#include "cli/contest_stored.h"
#include "cli/expect.h"
#include "cli/fixtures.h"
#include "stats/family.h"

static bool counts(const struct finding *f)
{
    return strcmp(f->metric, "time") == 0 && !is_fixture_id(f->id) &&
           !is_expect_id(f->id) && isfinite(f->comparison.ratio) &&
           f->comparison.ratio > 0;
}

static bool is_of(const struct finding *f, const char *tag)
{
    return counts(f) && (!*tag || names_has(f->tags, tag, strlen(tag)));
}

/* Room for the ratios of a suite, alone and with their intervals. */
struct member {
    double *ratio;
    struct family_case *measured;
};

static struct family_case measured_case(const struct finding *f)
{
    const struct comparison *c = &f->comparison;
    size_t n = c->pairs;

    if (c->mode == COMPARE_STORED)
        n = c->old_side.invocations + c->new_side.invocations - 1;
    return (struct family_case){
        .ratio = c->ratio,
        .low = c->low,
        .high = c->high,
        .confidence = c->confidence,
        .df = (double)n - 1,
    };
}

/* The mean over the cases of a tag ("" for all), judged where a margin is
 * declared (not negative). */
static int add_mean(struct contest *contest, const char *tag, double margin,
                    struct member *member, struct error *err)
{
    struct gate_mean *all = arena_grow(&contest->session->arena, contest->mean,
                                       contest->n_means, sizeof *all);
    struct family_mean mean, measured;
    size_t n = 0;
    int rc;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a mean");
    contest->mean = all;
    for (size_t i = 0; i < contest->n_findings; i++)
        if (is_of(&contest->finding[i], tag)) {
            member->ratio[n] = contest->finding[i].comparison.ratio;
            member->measured[n++] = measured_case(&contest->finding[i]);
        }
    if (n < 2)
        return 0;
    rc = family_mean(member->ratio, n, 0.95, &mean, err);
    if (rc == 0)
        rc = family_measured(member->measured, n, 0.95, &measured, err);
    if (rc < 0)
        return rc;
    all[contest->n_means++] = (struct gate_mean){
        .name = tag,
        .cases = mean.n,
        .ratio = mean.ratio,
        .low = mean.low,
        .high = mean.high,
        .confidence = mean.confidence,
        .measured_low = measured.open ? NAN : measured.low,
        .measured_high = measured.open ? NAN : measured.high,
        .margin = margin,
        .verdict = margin >= 0 ? family_judge(&mean, margin, BETTER_LOWER)
                               : VERDICT_UNSET,
    };
    return 0;
}

static double tag_margin(const struct gate *gate, const char *tag)
{
    for (size_t i = 0; i < gate->n_tag_margins; i++)
        if (strcmp(gate->tag_margin[i].tag, tag) == 0)
            return gate->tag_margin[i].margin;
    return -1;
}

/* Stored numbers of a time when the whole machine was faster or slower. */
static int look_for_the_machine(struct contest *contest,
                                const struct results *baseline, double *ratio,
                                struct error *err)
{
    const struct occasion *now = &contest->side[DUEL_NEW]->occasion[0];
    const struct occasion *then;
    struct family_moved moved;
    double anchor[32];
    size_t n = 0, m = 0;
    int rc;

    if (!baseline || baseline->n_occasions == 0)
        return 0;
    then = &baseline->occasion[baseline->n_occasions - 1];
    for (size_t i = 0; i < contest->n_findings; i++)
        if (counts(&contest->finding[i]) &&
            contest->finding[i].comparison.mode == COMPARE_STORED)
            ratio[n++] = contest->finding[i].comparison.ratio;
    for (size_t i = 0; i < now->n_anchors && m < 32; i++)
        for (size_t k = 0; k < then->n_anchors && m < 32; k++)
            if (strcmp(now->anchor[i].name, then->anchor[k].name) == 0)
                anchor[m++] = now->anchor[i].value / then->anchor[k].value;
    if (n == 0 || m == 0)
        return 0;
    rc = family_moved(ratio, n, anchor, m, 0.01, &moved, err);
    if (rc == 0 && moved.moved)
        contest->moved = moved.cases;
    return rc;
}

int contest_judge_suite(struct contest *contest, const struct results *baseline,
                        struct error *err)
{
    const struct suite *suite = contest->session->suite;
    struct arena *arena = &contest->session->arena;
    size_t n = contest->n_findings;
    struct member member = {
        .ratio = arena_alloc(arena, n, sizeof *member.ratio),
        .measured = arena_alloc(arena, n, sizeof *member.measured),
    };
    int rc;

    if (!member.ratio || !member.measured)
        return ERROR(err, ERR_NOMEM, "no memory for means");
    rc = add_mean(contest, "", suite->gate.suite_margin, &member, err);
    for (size_t i = 0; i < suite->tags.n && rc == 0; i++)
        rc = add_mean(contest, suite->tags.tag[i].name,
                      tag_margin(&suite->gate, suite->tags.tag[i].name),
                      &member, err);
    return rc < 0 ? rc
                  : look_for_the_machine(contest, baseline, member.ratio, err);
}
