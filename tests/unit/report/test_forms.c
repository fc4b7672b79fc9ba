/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other programs read: JUnit XML, OpenMetrics, workflow commands; and what
 * a comment may hold.  The data are the golden documents, hostile names
 * included. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "report/annotations.h"
#include "report/document.h"
#include "report/junit.h"
#include "report/openmetrics.h"
#include "report/run.h"
#include "tests/unit/report/golden.h"

static void document_scoped(struct document *document)
{
    document_clear(document);
}

static void run_report_scoped(struct run_report *report)
{
    run_report_clear(report);
}

static struct document golden_document(const char *name)
{
    const char *srcdir = getenv("srcdir");
    SCOPED(free_scoped) char *text = NULL;
    struct document document;
    struct error err = {0};
    char path[512];
    size_t size;

    snprintf(path, sizeof path, "%s/tests/golden/%s", srcdir ? srcdir : ".",
             name);
    if (file_read(path, 1 << 24, &text, &size, &err) < 0 ||
        document_read(name, text, size, &document, &err) < 0) {
        error_print(&err, stderr);
        abort();
    }
    return document;
}

/* The last digits belong to the machine's logarithm: golden files hold six. */
static void round_figure(double *x)
{
    char text[32];

    snprintf(text, sizeof text, "%.6g", *x);
    *x = strtod(text, NULL);
}

static struct run_report report_of(const struct document *document)
{
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;

    if (run_report_make(document->results, 0, &policy, &report, NULL) < 0)
        abort();
    for (size_t i = 0; i < report.n_cases; i++)
        for (size_t k = 0; k < report.cases[i].n_metrics; k++) {
            struct estimate *e = &report.cases[i].metric[k].estimate;

            round_figure(&e->value);
            round_figure(&e->low);
            round_figure(&e->high);
        }
    report.wall_s = document->wall_s;
    return report;
}

typedef void gate_form(const struct gate_report *report, struct strbuf *out);
typedef void run_form(const struct run_report *report, struct strbuf *out);
typedef void tests_form(const struct test_report *report, struct strbuf *out);

TARE_TEST(forms_of_a_comparison)
{
    static const struct {
        const char *golden;
        gate_form *form;
    } forms[] = {{"gate-junit.xml", gate_junit},
                 {"gate.om", gate_openmetrics},
                 {"gate-github.txt", gate_annotations}};
    SCOPED(document_scoped)
    struct document document = golden_document("gate.json");

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        forms[i].form(&document.gate, &out);
        CHECK_GOLDEN(forms[i].golden, &out);
    }
}

TARE_TEST(forms_of_a_run)
{
    static const struct {
        const char *golden;
        run_form *form;
    } forms[] = {{"run-junit.xml", run_junit},
                 {"run.om", run_openmetrics},
                 {"run-github.txt", run_annotations}};
    SCOPED(document_scoped)
    struct document document = golden_document("run.json");
    SCOPED(run_report_scoped) struct run_report report = report_of(&document);

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        forms[i].form(&report, &out);
        CHECK_GOLDEN(forms[i].golden, &out);
    }
}

TARE_TEST(forms_of_tests)
{
    static const struct {
        const char *golden;
        tests_form *form;
    } forms[] = {{"test.om", tests_openmetrics},
                 {"test.csv", tests_csv},
                 {"test-github.txt", tests_annotations}};
    SCOPED(document_scoped)
    struct document document = golden_document("test.json");

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        forms[i].form(&document.tests, &out);
        CHECK_GOLDEN(forms[i].golden, &out);
    }
}

/* --- what a comment may hold */

enum { MANY = 3000, GITHUB_MAX = 65536 };

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

/* Three thousand cases with long names, `bad` of them regressed. */
static struct gate_report many_cases(struct gate_case *cases, size_t bad)
{
    static const struct occasion here = {
        .created = "", .revision = "", .branch = "", .machine_key = ""};
    static char id[1000];

    memset(id, '`', sizeof id - 1);
    for (size_t i = 0; i < MANY; i++)
        cases[i] = (struct gate_case){
            .id = id,
            .metric = "time",
            .unit = "ns",
            .better = BETTER_LOWER,
            .tags = "",
            .comparison = {.verdict =
                               i < bad ? VERDICT_REGRESSED : VERDICT_UNCHANGED,
                           .ratio = 1.1,
                           .low = 1.05,
                           .high = 1.15,
                           .confidence = 0.95},
            .message = id,
            .waiver = "",
            .settle = "",
            .wall_s = NAN,
        };
    return (struct gate_report){.suite = "",
                                .old_name = "",
                                .new_name = "",
                                .cases = cases,
                                .n_cases = MANY,
                                .now = &here,
                                .moved = NAN,
                                .wall_s = NAN};
}

static void check_comment(struct tare *t, size_t bad)
{
    SCOPED(free_scoped) struct gate_case *cases = calloc(MANY, sizeof *cases);
    SCOPED(strbuf_scoped) struct strbuf out = {0}, full = {0};
    struct gate_report report = many_cases(cases, bad);
    const char *text;

    gate_markdown(&report, false, &out);
    text = strbuf_text(&out);
    TARE_CHECK(out.size < GITHUB_MAX);
    TARE_CHECK_INT(count(text, "<details>"), count(text, "</details>"));
    TARE_CHECK(count(text, "would not fit") > 0);
    TARE_CHECK_INT(count(text, "<sub>"), 1);
    gate_markdown(&report, true, &full);
    text = strbuf_text(&full);
    TARE_CHECK_INT(count(text, "would not fit"), 0);
    TARE_CHECK_INT(count(text, " | regressed | "), bad);
    TARE_CHECK_INT(count(text, " | unchanged | "), MANY - bad);
}

TARE_TEST(a_comment_fits_whatever_happened)
{
    check_comment(t, 0);
    check_comment(t, 3);
    check_comment(t, 200);
    check_comment(t, MANY);
}

TARE_TEST(a_comment_folds_what_is_too_much_to_look_at)
{
    SCOPED(free_scoped) struct gate_case *cases = calloc(MANY, sizeof *cases);
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct gate_report report = many_cases(cases, 18);
    const char *text, *fold;

    for (size_t i = 0; i < MANY; i++)
        cases[i].id = cases[i].message = "a/b";
    report.n_cases = 20;
    gate_markdown(&report, false, &out);
    text = strbuf_text(&out);
    fold = strstr(text, "<details>");
    TARE_REQUIRE(fold != NULL);
    TARE_CHECK(strstr(fold, "<summary>3 more to look at</summary>"));
    TARE_CHECK(strstr(fold, "<summary>2 unchanged</summary>"));
    TARE_CHECK_INT(
        count(text, " | regressed | ") - count(fold, " | regressed | "), 15);
}

TARE_TEST(annotations_are_as_many_as_are_shown)
{
    SCOPED(free_scoped) struct gate_case *cases = calloc(MANY, sizeof *cases);
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct gate_report report = many_cases(cases, 200);

    gate_annotations(&report, &out);
    TARE_CHECK_INT(count(strbuf_text(&out), "::error "), ANNOTATIONS_MAX);
    TARE_CHECK_INT(count(strbuf_text(&out), "and 191 more"), 1);
    report.n_cases = ANNOTATIONS_MAX;
    strbuf_clear(&out);
    gate_annotations(&report, &out);
    TARE_CHECK_INT(count(strbuf_text(&out), "::error "), ANNOTATIONS_MAX);
    TARE_CHECK_INT(count(strbuf_text(&out), "::and "), 0);
}
