/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/contest_show.h"

#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "base/scope.h"
#include "cli/contest_stored.h"
#include "cli/fixtures.h"
#include "cli/forms.h"
#include "cli/measure.h"
#include "config/select.h"
#include "report/gate_stored.h"
#include "runner/machine/facts.h"

static double *pair_ratios(struct arena *arena, const struct finding *f)
{
    double *ratio = arena_alloc(arena, f->n_pairs, sizeof *ratio);

    for (size_t i = 0; ratio && i < f->n_pairs; i++)
        ratio[i] = exp(f->pair[i].log_ratio);
    return ratio;
}

/* What would settle it, as a line to type. */
static const char *settling(struct arena *arena, const struct finding *f)
{
    const struct comparison *c = &f->comparison;

    if (c->verdict != VERDICT_INCONCLUSIVE)
        return "";
    if (is_fixture_id(f->id))
        return "tare gate --budget 60s";
    if (c->reason == REASON_NEEDS_OLD)
        return arena_printf(arena, "tare gate -k '%s' --against OLD_PROGRAM",
                            f->id);
    if (c->reason == REASON_BUDGET || c->reason == REASON_NOT_CONFIRMED ||
        c->reason == REASON_DISTURBED)
        return arena_printf(arena, "tare gate -k '%s' --budget 60s", f->id);
    return "";
}

static struct gate_case *report_cases(const struct contest *contest,
                                      struct arena *arena)
{
    struct gate_case *all =
        arena_alloc(arena, contest->n_findings, sizeof *all);

    for (size_t i = 0; all && i < contest->n_findings; i++) {
        const struct finding *f = &contest->finding[i];

        all[i] = (struct gate_case){
            .id = f->id,
            .metric = f->metric,
            .unit = f->unit,
            .better = f->better,
            .tags = f->tags,
            .comparison = f->comparison,
            .message = f->message,
            .waiver = f->waiver ? f->waiver->reason : "",
            .settle = settling(arena, f),
            .wall_s = f->spent_s > 0 ? f->spent_s : NAN,
            .pair = f->n_pairs ? pair_ratios(arena, f) : NULL,
            .n_pairs = f->n_pairs,
            .n_excluded = f->n_excluded,
        };
        if (!all[i].settle || (f->n_pairs && !all[i].pair))
            return NULL;
    }
    return all;
}

/* Facts that are not the same on both sides; none without a baseline. */
static int differences(const struct contest *contest,
                       const struct occasion *then, struct arena *arena,
                       struct gate_report *report, struct error *err)
{
    struct fact_differences found;
    struct gate_difference *all;
    int rc;

    if (!then)
        return 0;
    rc = facts_compare(&then->machine,
                       &contest->side[DUEL_NEW]->occasion[0].machine, arena,
                       &found, err);
    if (rc < 0)
        return rc;
    all = arena_alloc(arena, found.n, sizeof *all);
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    for (size_t i = 0; i < found.n; i++)
        all[i] = (struct gate_difference){
            .name = found.difference[i].name,
            .old_value = found.difference[i].old,
            .new_value = found.difference[i].now,
        };
    report->difference = all;
    report->n_differences = found.n;
    return 0;
}

static int make_report(const struct contest *contest,
                       const struct contest_names *names, struct arena *arena,
                       struct gate_report *out, struct error *err)
{
    const struct session *session = contest->session;

    *out = (struct gate_report){
        .command = names->command,
        .suite = session->suite->name,
        .old_name = names->old_name,
        .new_name = names->new_name,
        .place = contest->session->live ? session_place_words(contest->session)
                                        : NULL,
        .cases = report_cases(contest, arena),
        .n_cases = contest->n_findings,
        .now = &contest->side[DUEL_NEW]->occasion[0],
        .then = names->then,
        .mean = contest->mean,
        .n_means = contest->n_means,
        .moved = contest->moved,
        .alpha = session_alpha(session),
        .wall_s = contest->wall_s,
        .run = contest->record.store ? contest->record.run : 0,
        .interrupted = contest->interrupted,
    };
    if (!out->cases)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    return differences(contest, names->then, arena, out, err);
}

static int not_compared(const char *id, const struct nearest *nearest,
                        struct error *err)
{
    ERROR(err, ERR_USAGE, "no case '%s' was compared", id);
    if (nearest_found(nearest))
        error_help(err, "did you mean '%s'?", nearest_found(nearest));
    return ERR_USAGE;
}

int contest_check_explain(const struct contest *contest, struct error *err)
{
    const char *id = contest->session->cli->options.explain;
    struct nearest nearest = {.word = id};

    if (!id || strncmp(id, "fixture:", 8) == 0)
        return 0;
    for (size_t i = 0; i < contest->n_matches; i++) {
        if (id_matches(id, contest->match[i].id))
            return 0;
        nearest_try(&nearest, contest->match[i].id);
    }
    return not_compared(id, &nearest, err);
}

static int explain(const struct gate_report *report, const char *id,
                   const struct text_style *style, struct strbuf *out,
                   struct error *err)
{
    struct nearest nearest = {.word = id};
    bool found = false;

    for (size_t i = 0; i < report->n_cases; i++) {
        nearest_try(&nearest, report->cases[i].id);
        if (id_matches(id, report->cases[i].id)) {
            gate_explain(report, &report->cases[i], style, out);
            found = true;
        }
    }
    return found ? 0 : not_compared(id, &nearest, err);
}

static int write_form(const struct cli *cli, const struct gate_report *report,
                      struct strbuf *out, struct error *err)
{
    const char *id = cli->options.explain;
    const struct text_style style = cli_style(cli);

    if (id && cli->options.format == FORMAT_TEXT)
        return explain(report, id, &style, out, err);
    return forms_gate(cli, report, out, err);
}

static int show(const struct contest *contest,
                const struct contest_names *names, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct arena arena = {0};
    struct gate_report report;
    int rc = make_report(contest, names, &arena, &report, err);

    if (rc == 0)
        rc = write_form(contest->session->cli, &report, &text, err);
    if (rc == 0)
        rc = cli_write(contest->session->cli, &text, err);
    arena_clear(&arena);
    return rc;
}

/* As `tare report` shows them again. */
static int store(struct contest *contest, const struct contest_names *names,
                 struct error *err)
{
    struct arena arena = {0};
    struct stored_verdict *row;
    struct gate_report report;
    size_t n;
    int rc = 0;

    if (!contest->record.store)
        return 0;
    rc = make_report(contest, names, &arena, &report, err);
    if (rc == 0)
        rc = gate_to_stored(&report, &arena, &row, &n, err);
    if (rc == 0)
        rc = verdicts_put(contest->record.store, contest->record.run, row, n,
                          err);
    arena_clear(&arena);
    return rc;
}

int contest_finish(struct contest *contest, const struct contest_names *names,
                   const struct results *baseline, int rc, struct error *err)
{
    enum cli_exit status = CLI_UNMEASURED;

    if (rc == 0)
        rc = contest_judge_suite(contest, baseline, err);
    if (rc == 0)
        status = contest_status(contest);
    if (rc == 0)
        rc = store(contest, names, err);
    if (rc == 0)
        rc = show(contest, names, err);
    if (contest->record.session)
        record_end(&contest->record, &status, rc < 0 ? NULL : err);
    return rc < 0 ? rc : (int)status;
}
