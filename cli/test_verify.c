/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare test --verify-isolation: which tests depend on others. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "cli/forms.h"
#include "cli/test_suite.h"
#include "report/verify.h"
#include "runner/testing/verify.h"

enum { SHUFFLES = 3 };

/* An execution at hand. */
struct trial {
    struct verify_outcome *outcome;
    struct arena *arena;
    size_t *rank; /* tests ended so far, of each worker */
};

struct verification {
    struct test_suite *tests; /* as planned */
    struct verify_verdict *verdict;
    size_t runs;
    double steps, done; /* for the progress line */
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory to verify tests");
}

/* ---- executions */

static int on_ended(struct test_suite *tests, const struct conducted *what,
                    struct error *err)
{
    struct trial *trial = tests->trial_ctx;
    const char *message = arena_strdup(trial->arena, what->tested.message);

    if (!message)
        return no_memory(err);
    trial->outcome[what->test] = (struct verify_outcome){
        .outcome = what->outcome,
        .message = message,
        .worker = what->worker,
        .rank = trial->rank[what->worker]++,
    };
    return 0;
}

/* Those of the plan that are in the order, in that order. */
static int pick(const struct test_suite *from, const size_t *order, size_t n,
                bool split, struct arena *arena, struct test_suite *out,
                struct error *err)
{
    *out = *from;
    out->n = n;
    out->c = arena_alloc(arena, n, sizeof *out->c);
    out->test = arena_alloc(arena, n, sizeof *out->test);
    out->item = arena_alloc(arena, n, sizeof *out->item);
    out->program = arena_alloc(arena, n, sizeof *out->program);
    if (!out->c || !out->test || !out->item || !out->program)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        out->c[i] = from->c[order[i]];
        out->test[i] = from->test[order[i]];
        out->item[i] = from->item[order[i]];
        out->program[i] = from->program[order[i]];
        if (!split)
            out->item[i].group = 0;
    }
    return 0;
}

/* A fresh start: nothing is sent ahead, so that ranks are orders. */
static void set_policy(struct test_suite *tests, enum verify_how how)
{
    if (how != VERIFY_SPLIT) {
        tests->workers = tests->schedule.workers = 1;
        tests->schedule.dist = DIST_LOADGROUP;
    }
    tests->schedule.ahead = 0;
    tests->schedule.random = false;
    tests->fresh = how == VERIFY_ALONE;
    tests->retries = tests->maxfail = 0;
    tests->complaints = (struct strbuf){0};
    tests->record = (struct record){0};
    tests->schedule.seed = tests->session->seed;
}

static int execute(void *ctx, enum verify_how how, const size_t *order,
                   size_t n, struct verify_outcome *outcome, struct error *err)
{
    struct verification *v = ctx;
    SCOPED(arena_scoped) struct arena arena = {0};
    struct trial trial = {.outcome = outcome,
                          .arena = &v->tests->session->arena};
    struct test_suite tests;
    int rc = pick(v->tests, order, n, how == VERIFY_SPLIT, &arena, &tests, err);

    trial.rank = arena_alloc(&arena, tests.workers, sizeof *trial.rank);
    if (rc == 0 && !trial.rank)
        rc = no_memory(err);
    if (rc < 0)
        return rc;
    memset(trial.rank, 0, tests.workers * sizeof *trial.rank);
    set_policy(&tests, how);
    tests.trial = on_ended;
    tests.trial_ctx = &trial;
    rc = test_suite_execute(&tests, err);
    if (tests.complaints.size && !v->tests->complaints.size)
        strbuf_puts(&v->tests->complaints, strbuf_text(&tests.complaints));
    strbuf_clear(&tests.complaints);
    if (rc == 0 && tests.sum.interrupted)
        rc = ERROR(err, ERR_STOPPED, "interrupted");
    return rc;
}

static void on_step(void *ctx, const char *text)
{
    struct verification *v = ctx;

    cli_progress_step(&v->tests->progress,
                      v->done < v->steps ? v->done / v->steps : 1, text);
    v->done++;
}

/* ---- report */

static void put_word(struct strbuf *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                                "UVWXYZ0123456789_-./:,+@%";

    if (*word && word[strspn(word, plain)] == '\0') {
        strbuf_puts(out, word);
        return;
    }
    strbuf_putc(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            strbuf_puts(out, "'\\''");
        else
            strbuf_putc(out, *word);
    strbuf_putc(out, '\'');
}

static const char *const isolations[] = {[ISOLATION_PROCESS] = "process",
                                         [ISOLATION_WORKER] = "worker",
                                         [ISOLATION_NS] = "ns"};

/* A command line that runs these in this order; NULL without memory. */
static const char *command_of(const struct test_suite *tests,
                              const size_t *before, size_t n, size_t test)
{
    const struct options *options = &tests->session->cli->options;
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    strbuf_puts(&out, "tare test");
    if (options->given[OPT_FILE]) {
        strbuf_puts(&out, " -f ");
        put_word(&out, options->file);
    }
    strbuf_printf(&out, " --isolation=%s --order=given",
                  isolations[tests->isolation]);
    for (size_t i = 0; i <= n; i++) {
        strbuf_puts(&out, " -k ");
        put_word(&out, tests->c[i < n ? before[i] : test]->id);
    }
    for (size_t i = 0; i < options->n_operands; i++) {
        strbuf_putc(&out, ' ');
        put_word(&out, options->operand[i]);
    }
    return out.failed ? NULL
                      : arena_strdup(&tests->session->arena, strbuf_text(&out));
}

static int describe(const struct verification *v, size_t i,
                    struct verify_case *out, struct error *err)
{
    const struct test_suite *tests = v->tests;
    const struct verify_verdict *verdict = &v->verdict[i];
    const char **cause =
        arena_alloc(&tests->session->arena, verdict->n_cause, sizeof(*cause));

    *out = (struct verify_case){
        .id = tests->c[i]->id,
        .tags = tests->c[i]->tags,
        .file = tests->c[i]->said.file,
        .line = tests->c[i]->said.line,
        .verdict = verdict,
        .cause = cause,
    };
    for (size_t k = 0; cause && k < verdict->n_cause; k++)
        cause[k] = tests->c[verdict->cause[k]]->id;
    if (verdict->kind != VERIFY_DEPENDS)
        return cause ? 0 : no_memory(err);
    out->alone = command_of(tests, NULL, 0, i);
    out->behind = command_of(tests, verdict->cause, verdict->n_cause, i);
    return cause && out->alone && out->behind ? 0 : no_memory(err);
}

/* The form that the options want. */
static int write_form(struct session *session,
                      const struct verify_report *report, struct strbuf *out,
                      struct error *err)
{
    const struct text_style style = cli_style(session->cli);
    struct test_report tests;
    int rc;

    switch (session->cli->options.format) {
    case FORMAT_TEXT:
        verify_text(report, &style, out);
        return 0;
    case FORMAT_JSON:
        verify_json(report, out);
        return 0;
    default:
        rc = verify_as_tests(report, &session->arena, &tests, err);
        return rc < 0 ? rc : forms_tests(session->cli, &tests, out, err);
    }
}

static int write_report(const struct verification *v, int64_t took_ns,
                        struct error *err)
{
    struct test_suite *tests = v->tests;
    struct session *session = tests->session;
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct verify_case *all =
        arena_alloc(&session->arena, tests->n, sizeof *all);
    struct verify_report report = {
        .suite = session->suite->name,
        .isolation = isolations[tests->isolation],
        .test = all,
        .n = tests->n,
        .workers = tests->workers,
        .runs = v->runs,
        .took_ns = took_ns,
        .seed = session->seed,
    };
    bool failed = tests->complaints.size > 0;
    int rc = all ? 0 : no_memory(err);

    for (size_t i = 0; i < tests->n && rc == 0; i++) {
        rc = describe(v, i, &all[i], err);
        failed |= rc == 0 && verify_failed(&all[i]);
    }
    if (rc == 0)
        rc = text_split_lines(strbuf_text(&tests->complaints), &session->arena,
                              &report.problem, &report.n_problems, err);
    if (rc == 0)
        rc = write_form(session, &report, &text, err);
    for (size_t i = 0; i < report.n_problems && rc == 0; i++)
        fprintf(stderr, "error: %s\n", report.problem[i]);
    if (rc == 0)
        rc = cli_write(session->cli, &text, err);
    return rc < 0 ? rc : failed ? (int)CLI_REGRESSED : (int)CLI_OK;
}

/* ---- all */

/* What would make another question of it. */
static int check_options(const struct options *options, struct error *err)
{
    static const enum opt_id others[] = {
        OPT_REPEAT, OPT_REPLAY, OPT_RETRIES,   OPT_MAXFAIL, OPT_EXIT_FIRST,
        OPT_ORDER,  OPT_SHARD,  OPT_DURATIONS, OPT_SUMMARY};

    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (options->given[others[i]]) {
            ERROR(err, ERR_USAGE,
                  "--verify-isolation and --%s do not go "
                  "together",
                  option(others[i])->name);
            return error_help(err, "it runs all selected tests in orders of "
                                   "its own and shows those that depend on it");
        }
    return 0;
}

int test_suite_verify(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    struct verification v = {.tests = tests, .steps = 4 + SHUFFLES};
    struct verify_plan plan = {
        .n_tests = tests->n,
        .workers = tests->workers,
        .shuffles = SHUFFLES,
        .seed = session->seed,
        .run = execute,
        .ctx = &v,
        .step = on_step,
    };
    int64_t begin_ns = watch_now_ns();
    int rc = check_options(&session->cli->options, err);

    v.verdict = arena_alloc(&session->arena, tests->n, sizeof *v.verdict);
    if (rc == 0 && !v.verdict)
        return no_memory(err);
    cli_progress_start(session->cli, &tests->progress);
    if (rc == 0)
        rc = verify_tests(&plan, &session->arena, v.verdict, &v.runs, err);
    cli_progress_hide(&tests->progress);
    if (rc < 0)
        return rc;
    return write_report(&v, watch_now_ns() - begin_ns, err);
}
