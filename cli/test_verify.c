/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare test --verify-isolation: which tests depend on others. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/test_suite.h"
#include "report/text.h"
#include "runner/testing/verify.h"

enum { SHUFFLES = 3, MESSAGE_LINES = 6, CAUSES_SHOWN = 20 };

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

/* A command line that runs these in this order. */
static void put_command(const struct test_suite *tests, const size_t *before,
                        size_t n, size_t test, struct strbuf *out)
{
    static const char *const how[] = {[ISOLATION_PROCESS] = "process",
                                      [ISOLATION_WORKER] = "worker",
                                      [ISOLATION_NS] = "ns"};
    const struct options *options = &tests->session->cli->options;

    strbuf_puts(out, "    tare test");
    if (options->given[OPT_FILE]) {
        strbuf_puts(out, " -f ");
        put_word(out, options->file);
    }
    strbuf_printf(out, " --isolation=%s --order=given", how[tests->isolation]);
    for (size_t i = 0; i <= n; i++) {
        strbuf_puts(out, " -k ");
        put_word(out, tests->c[i < n ? before[i] : test]->id);
    }
    for (size_t i = 0; i < options->n_operands; i++) {
        strbuf_putc(out, ' ');
        put_word(out, options->operand[i]);
    }
    strbuf_putc(out, '\n');
}

static void put_ends(const struct verify_verdict *v, const char *where,
                     struct strbuf *out)
{
    const struct verify_outcome *bad =
        test_verdict(v->alone.outcome) == TEST_VERDICT_PASSED ? &v->together
                                                              : &v->alone;

    if (v->kind == VERIFY_SAME)
        strbuf_printf(out, "    %s everywhere\n",
                      test_outcome_name(v->alone.outcome));
    else
        strbuf_printf(out, "    %s alone, %s %s\n",
                      test_outcome_name(v->alone.outcome),
                      test_outcome_name(v->together.outcome), where);
    text_block(out, bad->message, 8, MESSAGE_LINES);
}

static void put_causes(const struct test_suite *tests,
                       const struct verify_verdict *v, size_t test,
                       struct strbuf *out)
{
    bool passes = test_verdict(v->alone.outcome) == TEST_VERDICT_PASSED;

    for (size_t i = 0; i < v->n_cause && i < CAUSES_SHOWN; i++) {
        strbuf_printf(out, "    %s ", passes ? "polluter:" : "needs:   ");
        text_escape(out, tests->c[v->cause[i]]->id, 0);
        strbuf_putc(out, '\n');
    }
    if (v->n_cause > CAUSES_SHOWN)
        strbuf_printf(out, "    and %zu more\n", v->n_cause - CAUSES_SHOWN);
    put_command(tests, NULL, 0, test, out);
    put_command(tests, v->cause, v->n_cause, test, out);
}

static void put_verdict(const struct test_suite *tests,
                        const struct verify_verdict *v, size_t test,
                        const struct text_style *style, struct strbuf *out)
{
    static const char *const word[] = {[VERIFY_DEPENDS] = "depends",
                                       [VERIFY_BESIDE] = "depends",
                                       [VERIFY_FLAKY] = "flaky"};

    if (v->kind == VERIFY_SAME &&
        test_verdict(v->alone.outcome) != TEST_VERDICT_FAILED)
        return;
    text_paint(out, style, PAINT_BAD,
               v->kind == VERIFY_SAME ? "failed" : word[v->kind]);
    strbuf_putc(out, ' ');
    text_escape(out, tests->c[test]->id, 0);
    strbuf_putc(out, '\n');
    switch (v->kind) {
    case VERIFY_SAME:
        put_ends(v, "", out);
        break;
    case VERIFY_DEPENDS:
        put_ends(v, v->n_cause == 1 ? "after another" : "after others", out);
        put_causes(tests, v, test, out);
        break;
    case VERIFY_BESIDE:
        put_ends(v, "beside others, whatever ran before", out);
        strbuf_puts(out, "    it shares something with a test that runs at the "
                         "same time: a file, a port,\n    a database, or the "
                         "time; see .uses and .exclusive\n");
        break;
    case VERIFY_FLAKY:
        put_ends(v, "once", out);
        strbuf_puts(out, "    and in both ways under the same conditions: it "
                         "is not the order\n");
    }
}

static enum cli_exit write_report(const struct verification *v, int64_t took_ns,
                                  struct strbuf *out)
{
    const struct test_suite *tests = v->tests;
    const struct cli *cli = tests->session->cli;
    const struct text_style style = cli_style(cli);
    size_t count[TEST_VERDICT_SKIPPED + 1] = {0};
    char took[QUANTITY_TEXT];

    for (size_t i = 0; i < tests->n; i++) {
        const struct verify_verdict *one = &v->verdict[i];

        count[one->kind == VERIFY_SAME ? test_verdict(one->alone.outcome)
                                       : TEST_VERDICT_FAILED]++;
        if (!cli->options.quiet)
            put_verdict(tests, one, i, &style, out);
    }
    if (!cli->options.quiet) {
        text_count(out, tests->n, "test");
        strbuf_printf(out, " alone%s%s%s: %zu executions in %s; seed %llu\n",
                      tests->n > 1 ? ", in order, in reverse" : "",
                      tests->n > 2 ? ", shuffled" : "",
                      tests->workers > 1 ? ", on all workers" : "", v->runs,
                      format_duration(took, took_ns),
                      (unsigned long long)tests->session->seed);
    }
    strbuf_printf(out, "%zu passed, %zu failed, %zu skipped\n",
                  count[TEST_VERDICT_PASSED], count[TEST_VERDICT_FAILED],
                  count[TEST_VERDICT_SKIPPED]);
    return count[TEST_VERDICT_FAILED] ? CLI_REGRESSED : CLI_OK;
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
    if (options->given[OPT_FORMAT] && options->format != FORMAT_TEXT)
        return ERROR(err, ERR_USAGE,
                     "--verify-isolation has a report for people only");
    return 0;
}

int test_suite_verify(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    SCOPED(strbuf_scoped) struct strbuf text = {0};
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
    enum cli_exit status;
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
    status = write_report(&v, watch_now_ns() - begin_ns, &text);
    if (tests->complaints.size)
        fprintf(stderr, "error: %s", strbuf_text(&tests->complaints));
    rc = cli_write(session->cli, &text, err);
    return rc < 0 ? rc : (int)status;
}
