/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/verify.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/parts.h"

enum { MESSAGE_LINES = 6, CAUSES_SHOWN = 20 };

static enum test_verdict verdict_of(const struct verify_case *test)
{
    const struct verify_verdict *v = test->verdict;

    return v->kind == VERIFY_SAME ? test_verdict(v->alone.outcome)
                                  : TEST_VERDICT_FAILED;
}

bool verify_failed(const struct verify_case *test)
{
    return verdict_of(test) == TEST_VERDICT_FAILED;
}

static bool passes_alone(const struct verify_verdict *v)
{
    return test_verdict(v->alone.outcome) == TEST_VERDICT_PASSED;
}

/* ---- for people */

static const char *place_of(const struct verify_verdict *v)
{
    switch (v->kind) {
    case VERIFY_DEPENDS:
        return v->n_cause == 1 ? "after another" : "after others";
    case VERIFY_BESIDE:
        return "beside others, whatever ran before";
    case VERIFY_FLAKY:
        return "once";
    case VERIFY_SAME:
        break;
    }
    return "";
}

static void put_ends(const struct verify_verdict *v, struct strbuf *out)
{
    const struct verify_outcome *bad =
        passes_alone(v) ? &v->together : &v->alone;

    if (v->kind == VERIFY_SAME)
        strbuf_printf(out, "    %s everywhere\n",
                      test_outcome_name(v->alone.outcome));
    else
        strbuf_printf(out, "    %s alone, %s %s\n",
                      test_outcome_name(v->alone.outcome),
                      test_outcome_name(v->together.outcome), place_of(v));
    text_block(out, bad->message, 8, MESSAGE_LINES);
}

static void put_causes(const struct verify_case *test, struct strbuf *out)
{
    const struct verify_verdict *v = test->verdict;

    for (size_t i = 0; i < v->n_cause && i < CAUSES_SHOWN; i++) {
        strbuf_printf(out, "    %s ",
                      passes_alone(v) ? "polluter:" : "needs:   ");
        text_escape(out, test->cause[i], 0);
        strbuf_putc(out, '\n');
    }
    if (v->n_cause > CAUSES_SHOWN)
        strbuf_printf(out, "    and %zu more\n", v->n_cause - CAUSES_SHOWN);
    strbuf_puts(out, "    ");
    text_escape(out, test->alone, 0);
    strbuf_puts(out, "\n    ");
    text_escape(out, test->behind, 0);
    strbuf_putc(out, '\n');
}

/* What there is to say behind the name. */
static void put_details(const struct verify_case *test, struct strbuf *out)
{
    put_ends(test->verdict, out);
    switch (test->verdict->kind) {
    case VERIFY_DEPENDS:
        put_causes(test, out);
        break;
    case VERIFY_BESIDE:
        strbuf_puts(out, "    it shares something with a test that runs at the "
                         "same time: a file, a port,\n    a database, or the "
                         "time; see .uses and .exclusive\n");
        break;
    case VERIFY_FLAKY:
        strbuf_puts(out, "    and in both ways under the same conditions: it "
                         "is not the order, unless what a\n    test leaves "
                         "outlives the run: a file, a row in a database\n");
        break;
    case VERIFY_SAME:
        break;
    }
}

static void put_case(const struct verify_case *test,
                     const struct text_style *style, struct strbuf *out)
{
    static const char *const word[] = {[VERIFY_SAME] = "failed",
                                       [VERIFY_DEPENDS] = "depends",
                                       [VERIFY_BESIDE] = "depends",
                                       [VERIFY_FLAKY] = "flaky"};

    text_paint(out, style, PAINT_BAD, word[test->verdict->kind]);
    strbuf_putc(out, ' ');
    text_escape(out, test->id, 0);
    strbuf_putc(out, '\n');
    put_details(test, out);
}

static void put_foot(const struct verify_report *report, struct strbuf *out)
{
    char took[QUANTITY_TEXT];

    text_count(out, report->n, "test");
    strbuf_printf(out, " alone%s%s%s: %zu executions in %s; seed %" PRIu64 "\n",
                  report->n > 1 ? ", in order, in reverse" : "",
                  report->n > 2 ? ", shuffled" : "",
                  report->workers > 1 ? ", on all workers" : "", report->runs,
                  format_duration(took, report->took_ns), report->seed);
}

static void count_verdicts(const struct verify_report *report,
                           size_t count[TEST_VERDICT_SKIPPED + 1])
{
    for (size_t i = 0; i <= TEST_VERDICT_SKIPPED; i++)
        count[i] = 0;
    for (size_t i = 0; i < report->n; i++)
        count[verdict_of(&report->test[i])]++;
}

void verify_text(const struct verify_report *report,
                 const struct text_style *style, struct strbuf *out)
{
    size_t count[TEST_VERDICT_SKIPPED + 1];

    count_verdicts(report, count);
    for (size_t i = 0; i < report->n && !style->quiet; i++)
        if (verify_failed(&report->test[i]))
            put_case(&report->test[i], style, out);
    if (!style->quiet)
        put_foot(report, out);
    strbuf_printf(out, "%zu passed, %zu failed, %zu skipped\n",
                  count[TEST_VERDICT_PASSED], count[TEST_VERDICT_FAILED],
                  count[TEST_VERDICT_SKIPPED]);
}

/* ---- JSON */

static const char *kind_name(enum verify_kind kind)
{
    static const char *const name[] = {[VERIFY_SAME] = "same",
                                       [VERIFY_DEPENDS] = "depends",
                                       [VERIFY_BESIDE] = "beside",
                                       [VERIFY_FLAKY] = "flaky"};

    return name[kind];
}

static void json_outcome(struct json *json, const char *key,
                         const struct verify_outcome *o)
{
    json_key(json, key);
    if (o->outcome == TEST_UNSET) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_string(json, "outcome", test_outcome_name(o->outcome));
    json_set_string(json, "message", *o->message ? o->message : NULL);
    json_object_end(json);
}

static void json_case(struct json *json, const struct verify_case *test)
{
    const struct verify_verdict *v = test->verdict;
    const char *const command[] = {test->alone, test->behind};

    json_object(json);
    json_set_string(json, "id", test->id);
    json_set_string(json, "verdict", kind_name(v->kind));
    json_words(json, "tags", test->tags);
    json_outcome(json, "alone", &v->alone);
    json_outcome(json, "together",
                 v->kind == VERIFY_SAME ? &v->alone : &v->together);
    json_set_string(json, "role",
                    v->kind != VERIFY_DEPENDS ? NULL
                    : passes_alone(v)         ? "polluter"
                                              : "needs");
    json_texts(json, "causes", test->cause, v->n_cause);
    json_texts(json, "commands", command, test->alone ? 2 : 0);
    json_object_end(json);
}

static void json_summary(struct json *json, const struct verify_report *report)
{
    size_t count[TEST_VERDICT_SKIPPED + 1], kinds[VERIFY_FLAKY + 1] = {0};

    count_verdicts(report, count);
    for (size_t i = 0; i < report->n; i++)
        kinds[report->test[i].verdict->kind]++;
    json_key(json, "summary");
    json_object(json);
    json_set_int(json, "passed", (int64_t)count[TEST_VERDICT_PASSED]);
    json_set_int(json, "failed", (int64_t)count[TEST_VERDICT_FAILED]);
    json_set_int(json, "skipped", (int64_t)count[TEST_VERDICT_SKIPPED]);
    for (int kind = VERIFY_DEPENDS; kind <= VERIFY_FLAKY; kind++)
        json_set_int(json, kind_name((enum verify_kind)kind),
                     (int64_t)kinds[kind]);
    json_set_int(json, "executions", (int64_t)report->runs);
    json_set_int(json, "workers", (int64_t)report->workers);
    json_set_double(json, "wall_s", (double)report->took_ns / 1e9);
    json_object_end(json);
}

void verify_json(const struct verify_report *report, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/verify/1");
    json_set_string(&json, "suite", report->suite);
    json_seed(&json, report->seed);
    json_set_string(&json, "isolation", report->isolation);
    json_texts(&json, "problems", report->problem, report->n_problems);
    json_summary(&json, report);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < report->n; i++)
        json_case(&json, &report->test[i]);
    json_array_end(&json);
    json_object_end(&json);
}

/* ---- as tests */

/* The details as a message: without the blanks before each line. */
static const char *message_of(const struct verify_case *test,
                              struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0}, message = {0};

    if (!verify_failed(test))
        return test->verdict->alone.message;
    put_details(test, &text);
    for (const char *p = strbuf_text(&text); *p;) {
        p += strspn(p, " ");
        strbuf_add(&message, p, strcspn(p, "\n"));
        p += strcspn(p, "\n");
        p += *p == '\n';
        if (*p)
            strbuf_putc(&message, '\n');
    }
    return text.failed || message.failed
               ? NULL
               : arena_strdup(arena, strbuf_text(&message));
}

int verify_as_tests(const struct verify_report *report, struct arena *arena,
                    struct test_report *out, struct error *err)
{
    struct test_result *all = arena_alloc(arena, report->n, sizeof *all);

    for (size_t i = 0; all && i < report->n; i++) {
        const struct verify_case *test = &report->test[i];

        all[i] = (struct test_result){
            .id = test->id,
            .tags = test->tags,
            .file = test->file,
            .line = test->line,
            .outcome = test->verdict->kind == VERIFY_SAME
                           ? test->verdict->alone.outcome
                           : TEST_FAILED,
            .worker = -1,
            .cpu = -1,
            .setup_ns = -1,
            .call_ns = -1,
            .teardown_ns = -1,
            .started_ns = -1,
            .message = message_of(test, arena),
            .note = "",
            .output = "",
            .usage = {-1, -1, -1, -1, -1, -1, -1},
        };
        if (!all[i].message)
            all = NULL;
    }
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    *out = (struct test_report){
        .suite = report->suite,
        .test = all,
        .n = report->n,
        .workers = report->workers,
        .makespan_ns = report->took_ns,
        .seed = report->seed,
        .problem = report->problem,
        .n_problems = report->n_problems,
    };
    return 0;
}
