/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/bisect.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "cli/bisect_plan.h"
#include "cli/interrupt.h"
#include "cli/matches.h"
#include "cli/opponents.h"
#include "config/policy.h"
#include "runner/process/watch.h"

enum { PATIENCE = 3 }; /* the budget of a second try, in budgets */

struct bisection {
    struct session *session;
    struct bisect_report *report;
    const struct bisect_revisions *revisions;
    struct bisect_plan plan;
    struct bisect_step *step;   /* [revisions->n] */
    const char *folder;         /* of the suite in the user's tree */
    const char *bad_hash;       /* fingerprint of the case at the bad end */
    int64_t began_ns, limit_ns; /* 0 or less: no limit */
    bool placed;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a bisection");
}

/* --- the suite, reduced to the case */

/* Only the program of the case: others need not be there at every revision. */
static void keep_program(struct suite *suite, const char *id)
{
    size_t n = strcspn(id, "/");

    for (size_t i = 0; i < suite->n_programs; i++)
        if (strlen(suite->program[i].name) == n &&
            memcmp(suite->program[i].name, id, n) == 0) {
            suite->program[0] = suite->program[i];
            suite->n_programs = 1;
            suite->n_commands = 0;
            return;
        }
    suite->n_programs = 0;
}

static int reduce(struct bisection *b, struct error *err)
{
    struct suite *suite = b->session->suite;
    struct options *options = &b->session->cli->options;
    struct bisect_report *report = b->report;
    const char **word = arena_alloc(&b->session->arena, 2, sizeof *word);
    struct gate_limit limit =
        gate_limit(&suite->gate, report->id, report->metric);

    options->db = record_store_path(b->session);
    if (!word || !options->db)
        return no_memory(err);
    report->margin =
        options->given[OPT_MARGIN] ? options->margin : limit.margin / 2;
    keep_program(suite, report->id);
    word[0] = report->id;
    word[1] = report->metric;
    options->ids = (struct string_list){.item = word, .n = 1};
    suite->gate.metrics = (struct words){.word = &word[1], .n = 1};
    suite->gate.n_rules = 0;
    suite->gate.n_waivers = 0;
    return 0;
}

/* --- one comparison */

/* The suite as if its folder were that of a revision. */
static int enter(struct bisection *b, const char *revision, struct error *err)
{
    struct session *session = b->session;
    struct worktree tree;
    int rc;

    session->suite->folder = b->folder;
    catalog_clear(&session->catalog);
    session->n_commands = session->n_command_hosts = 0;
    session->n_programs = session->suite->n_programs; /* that need a build */
    session->command_host = NULL;
    rc = opponents_build(session, revision, &tree, err);
    if (rc < 0)
        return rc;
    session->suite->folder = tree.folder;
    rc = session_programs(session, NULL, 0, err);
    if (rc == 0)
        rc = session_list(session, CASE_BENCH, err);
    if (rc == 0 && session->n_selected != 1)
        rc = ERROR(err, ERR_USAGE, "'%s' names %zu benchmarks", b->report->id,
                   session->n_selected);
    if (rc < 0 || b->placed)
        return rc;
    b->placed = true;
    return session_place(session, err);
}

static int meet(struct bisection *b, struct contest *contest,
                struct comparison *out, struct error *err)
{
    int rc = contest_run(contest, RUN_KIND_COMPARE, err);

    if (rc == 0 && contest->interrupted)
        rc = ERROR(err, ERR_STOPPED, "interrupted");
    for (size_t i = 0; i < contest->n_findings && rc == 0; i++) {
        const struct finding *f = &contest->finding[i];

        if (strcmp(f->metric, b->report->metric) != 0 && contest->n_duels)
            continue;
        *out = f->comparison;
        b->report->better = f->better;
        if (f->comparison.verdict == VERDICT_FAILED)
            return ERROR(err, ERR_PEER, "%s", f->message);
        if (f->comparison.verdict == VERDICT_INCOMPARABLE)
            return ERROR(err, ERR_EMPTY, "does not compare: %s",
                         reason_name(f->comparison.reason));
        if (f->comparison.verdict == VERDICT_NEW)
            return ERROR(err, ERR_EMPTY, "the good end has no such case");
        return 0;
    }
    return rc < 0 ? rc
                  : ERROR(err, ERR_EMPTY, "'%s' has no metric '%s'",
                          b->report->id, b->report->metric);
}

static int hold_contest(struct bisection *b, const char *old,
                        struct comparison *out, struct error *err)
{
    struct session *session = b->session;
    struct contest contest = {.session = session, .brief = true};
    struct opponents opponents = {.n = 0};
    enum cli_exit status = CLI_UNMEASURED;
    int rc = contest_init(&contest, session, session->n_selected, err);

    if (rc == 0)
        rc = opponents_of_revision(session, old, &opponents, err);
    if (rc == 0)
        rc = matches_with_opponents(&contest, &opponents, err);
    if (rc == 0)
        rc = meet(b, &contest, out, err);
    if (rc == 0)
        status = CLI_OK;
    else if (rc == ERR_STOPPED)
        status = CLI_INTERRUPTED;
    if (contest.record.session)
        record_end(&contest.record, &status, NULL);
    opponents_clear(&opponents);
    contest_clear(&contest);
    return rc;
}

/* Time left of --max-time goes to the comparison. */
static int check_time(struct bisection *b, struct error *err)
{
    struct options *options = &b->session->cli->options;
    int64_t left = b->began_ns + b->limit_ns - watch_now_ns();

    if (*interrupt_flag())
        return ERROR(err, ERR_STOPPED, "interrupted");
    if (b->limit_ns <= 0)
        return 0;
    if (left <= 0)
        return ERROR(err, ERR_TIMEOUT, "the time is over");
    options->given[OPT_MAX_TIME] = true;
    options->max_time_ns = left;
    return 0;
}

static void set_budget(struct bisection *b, int times)
{
    struct options *options = &b->session->cli->options;
    struct measure_plan *plan = &b->session->suite->measure;

    options->budget_ns *= times;
    plan->budget *= times;
}

/* Compare the tree that was entered with an older one; undecided, once more
 * with patience. */
static int compare(struct bisection *b, const char *old, double margin,
                   struct comparison *out, struct error *err)
{
    struct session *session = b->session;
    struct options *options = &session->cli->options;
    int rc = 0;

    *out = comparison_unknown();
    options->given[OPT_MARGIN] = true;
    options->margin = margin;
    for (int times = 1; times <= PATIENCE && rc == 0; times += PATIENCE - 1) {
        rc = check_time(b, err);
        session->seed++;
        if (times > 1)
            set_budget(b, times);
        if (rc == 0)
            rc = hold_contest(b, old, out, err);
        if (times > 1) {
            options->budget_ns /= times;
            session->suite->measure.budget /= times;
        }
        if (rc == 0 && out->verdict != VERDICT_INCONCLUSIVE)
            break;
    }
    return rc;
}

/* --- the ends */

static const char *fingerprint(struct bisection *b, struct error *err)
{
    struct session *session = b->session;
    char hash[HASH_HEX];
    const struct catalog_case *c = &session->catalog.item[session->selected[0]];

    if (session_fingerprint(session, c, hash, err) < 0)
        return NULL;
    return arena_strdup(&session->arena, hash);
}

static int compare_ends(struct bisection *b, struct error *err)
{
    struct bisect_report *report = b->report;
    int rc = enter(b, report->bad, err);

    if (rc == 0) {
        b->bad_hash = fingerprint(b, err);
        rc = b->bad_hash ? 0 : ERR_PEER;
    }
    if (rc == 0)
        rc = compare(b, report->good, report->margin, &report->ends, err);
    if (rc < 0 && rc != ERR_STOPPED && rc != ERR_TIMEOUT)
        error_wrap(err, "the bad end, %.12s", report->bad);
    return rc;
}

static bool is_changed(const struct comparison *c)
{
    return c->verdict == VERDICT_REGRESSED || c->verdict == VERDICT_IMPROVED;
}

/* Half the change, in logarithms: what lies beyond is like the bad end. */
static double half_way(const struct comparison *ends)
{
    return exp(fabs(log(ends->ratio)) / 2) - 1;
}

/* --- a step */

static enum bisect_state judge(const struct bisection *b,
                               const struct comparison *c)
{
    if (c->verdict == b->report->ends.verdict)
        return BISECT_BAD;
    if (c->verdict == VERDICT_UNCHANGED || is_changed(c))
        return BISECT_GOOD;
    return BISECT_SKIPPED;
}

/* Errors that say something of this revision and nothing of the others. */
static bool is_its_own(int rc)
{
    return rc == ERR_PEER || rc == ERR_EMPTY || rc == ERR_USAGE ||
           rc == ERR_PARSE || rc == ERR_RANGE;
}

static int look_at(struct bisection *b, const char *revision,
                   struct bisect_step *step, enum bisect_state *state,
                   struct error *err)
{
    const char *hash;
    int rc = enter(b, revision, err);

    if (rc == ERR_TIMEOUT) /* its build, or its list of cases */
        rc = ERR_PEER;
    hash = rc == 0 ? fingerprint(b, err) : NULL;
    if (rc == 0 && !hash)
        rc = ERR_PEER;
    if (rc < 0)
        return rc;
    if (strcmp(hash, b->bad_hash) == 0) {
        step->comparison = b->report->ends;
        *state = BISECT_BAD;
        return 0;
    }
    rc = compare(b, b->report->good, half_way(&b->report->ends),
                 &step->comparison, err);
    *state = judge(b, &step->comparison);
    if (rc == 0 && *state == BISECT_SKIPPED)
        step->why = "cannot be told apart";
    return rc;
}

static void say(const struct bisection *b, const struct bisect_step *step)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (b->session->cli->options.quiet)
        return;
    strbuf_printf(&text, "%.12s ", step->revision);
    text_escape(&text, step->subject, 50);
    strbuf_printf(&text, ": %s", step->found);
    if (*step->why) {
        strbuf_puts(&text, ", ");
        text_escape(&text, step->why, 200);
    } else {
        strbuf_puts(&text, ", ");
        bisect_ratio(&step->comparison, &text);
    }
    fprintf(stderr, "%s; about %d to go\n", strbuf_text(&text),
            bisect_plan_left(&b->plan) + 1);
}

static int take_step(struct bisection *b, size_t i, struct error *err)
{
    static const char *const found[] = {
        [BISECT_UNKNOWN] = "unknown",
        [BISECT_GOOD] = "good",
        [BISECT_BAD] = "bad",
        [BISECT_SKIPPED] = "skipped",
    };
    struct session *session = b->session;
    struct bisect_step *step = &b->step[b->report->n_steps];
    enum bisect_state state = BISECT_SKIPPED;
    struct bisect_commit commit;
    struct error why = {0};
    int64_t began = watch_now_ns();
    int rc;

    *step = (struct bisect_step){.revision = b->revisions->hash[i],
                                 .why = "",
                                 .comparison = comparison_unknown()};
    rc = look_at(b, step->revision, step, &state, &why);
    if (is_its_own(rc)) {
        step->why = arena_strdup(&session->arena, why.text);
        state = BISECT_SKIPPED;
    } else if (rc < 0) {
        if (err)
            *err = why;
        return rc;
    }
    session->suite->folder = b->folder;
    rc = bisect_commit_read(session, step->revision, &commit, err);
    if (rc < 0 || !step->why)
        return rc < 0 ? rc : no_memory(err);
    step->subject = commit.subject;
    step->found = found[state];
    step->seconds = (double)(watch_now_ns() - began) / 1e9;
    b->report->n_steps++;
    bisect_plan_tell(&b->plan, i, state);
    say(b, step);
    return 0;
}

/* --- the culprit */

static int list_skipped(struct bisection *b, struct error *err)
{
    struct bisect_report *report = b->report;
    size_t n = b->plan.bad - b->plan.good - 1;
    const char **all = arena_alloc(&b->session->arena, n, sizeof *all);

    if (!all)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        all[i] = b->revisions->hash[b->plan.good + 1 + i];
    report->skipped = all;
    report->n_skipped = n;
    return 0;
}

static void note_range(struct bisection *b)
{
    b->report->last_good = b->revisions->hash[b->plan.good];
    b->report->first_bad = b->revisions->hash[b->plan.bad];
}

/* The two revisions that are left, against each other. */
static int confirm(struct bisection *b, struct error *err)
{
    struct bisect_report *report = b->report;
    struct bisect_commit commit;
    int rc = list_skipped(b, err);

    note_range(b);
    if (rc == 0 && b->plan.good == 0 && b->plan.bad == b->plan.n - 1) {
        report->culprit = report->ends;
    } else if (rc == 0) {
        rc = enter(b, report->first_bad, err);
        if (rc == 0)
            rc = compare(b, report->last_good, half_way(&report->ends),
                         &report->culprit, err);
    }
    b->session->suite->folder = b->folder;
    if (rc == 0)
        rc = bisect_commit_read(b->session, report->first_bad, &commit, err);
    if (rc < 0)
        return rc;
    report->subject = commit.subject;
    report->author = commit.author;
    report->date = commit.date;
    report->merged = commit.merged;
    report->outcome = report->culprit.verdict != report->ends.verdict
                          ? BISECT_SPREAD
                      : report->n_skipped ? BISECT_RANGE
                                          : BISECT_FOUND;
    return 0;
}

/* --- all of it */

static int search(struct bisection *b, struct error *err)
{
    struct bisect_report *report = b->report;
    size_t i;
    int rc = compare_ends(b, err);

    if (rc < 0)
        return rc;
    if (!is_changed(&report->ends)) {
        report->outcome = report->ends.verdict == VERDICT_UNCHANGED
                              ? BISECT_SAME
                              : BISECT_UNDECIDED;
        return 0;
    }
    while (rc == 0 && bisect_plan_next(&b->plan, &i))
        rc = take_step(b, i, err);
    note_range(b);
    return rc < 0 ? rc : confirm(b, err);
}

/* Bonferroni over the ends, the steps and the confirmation. */
static void share_alpha(struct bisection *b)
{
    struct options *options = &b->session->cli->options;
    double alpha = session_alpha(b->session);

    options->given[OPT_ALPHA] = true;
    options->alpha = alpha / (2 + bisect_plan_left(&b->plan));
}

static int begin(struct bisection *b, struct error *err)
{
    struct session *session = b->session;
    size_t n = b->revisions->n;
    enum bisect_state *state = arena_alloc(&session->arena, n, sizeof *state);

    b->step = arena_alloc(&session->arena, n, sizeof *b->step);
    if (!b->step || !state)
        return no_memory(err);
    memset(state, 0, n * sizeof *state);
    bisect_plan_init(&b->plan, state, n);
    note_range(b);
    b->report->step = b->step;
    b->limit_ns = session_max_time_ns(session);
    share_alpha(b);
    return reduce(b, err);
}

int bisect(struct session *session, const char *id, const char *metric,
           const struct bisect_revisions *revisions,
           struct bisect_report *report, struct error *err)
{
    struct bisection b = {.session = session,
                          .report = report,
                          .revisions = revisions,
                          .folder = session->suite->folder,
                          .began_ns = watch_now_ns()};
    struct error why = {0};
    int rc;

    *report = (struct bisect_report){
        .suite = session->suite->name,
        .id = id,
        .metric = metric,
        .good = revisions->hash[0],
        .bad = revisions->hash[revisions->n - 1],
        .revisions = revisions->n - 1,
        .ends = comparison_unknown(),
        .culprit = comparison_unknown(),
        .subject = "",
        .author = "",
        .date = "",
        .merged = "",
        .seed = session->seed,
    };
    rc = begin(&b, &why);
    if (rc == 0)
        rc = search(&b, &why);
    session->suite->folder = b.folder;
    report->wall_s = (double)(watch_now_ns() - b.began_ns) / 1e9;
    if (rc != ERR_STOPPED && rc != ERR_TIMEOUT) {
        if (rc < 0 && err)
            *err = why;
        return rc;
    }
    report->outcome = rc == ERR_STOPPED ? BISECT_STOPPED : BISECT_UNDECIDED;
    return 0;
}
