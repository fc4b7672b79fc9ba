/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents given to `tare report`: a report exactly on success, and whatever
 * is in it, no form of it is broken: JSON can be read again, XML has as many
 * elements as it ends, an exposition has no line but samples and comments, a
 * workflow command stays a line, a comment fits. */
#include <config.h>

#include <string.h>

#include "report/annotations.h"
#include "report/document.h"
#include "report/junit.h"
#include "report/openmetrics.h"
#include "report/run.h"
#include "tests/fuzz/target.h"

enum { COMMENT_MAX = 65536 };

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void check_json(const struct strbuf *out)
{
    struct document again;

    MUST(document_read("again", strbuf_text(out), out->size, &again, NULL) ==
         0);
    document_clear(&again);
}

static void check_xml(const struct strbuf *out)
{
    int opened = 0, quotes = 0;

    for (const char *p = strbuf_text(out); *p; p++) {
        opened += (*p == '<') - (*p == '>');
        quotes += *p == '"';
        MUST(opened == 0 || opened == 1);
        MUST((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t');
    }
    MUST(opened == 0 && quotes % 2 == 0);
}

static void check_exposition(const struct strbuf *out)
{
    const char *p = strbuf_text(out);

    while (*p) {
        const char *end = strchr(p, '\n');

        MUST(end && (begins(p, "# ") || begins(p, "tare_")));
        MUST(*p == '#' || memchr(p, '}', (size_t)(end - p)));
        p = end + 1;
    }
    MUST(out->size > 6 &&
         strcmp(strbuf_text(out) + out->size - 6, "# EOF\n") == 0);
}

static void check_annotations(const struct strbuf *out)
{
    const char *p = strbuf_text(out);

    while (*p) {
        const char *end = strchr(p, '\n');

        MUST(end && (begins(p, "::error ") || begins(p, "::warning ") ||
                     begins(p, "::notice ")));
        p = end + 1;
    }
}

static void check_comment(const struct strbuf *out)
{
    for (const char *p = strbuf_text(out); *p; p++)
        MUST((unsigned char)*p >= 0x20 || *p == '\n');
    MUST(out->size < COMMENT_MAX);
}

typedef void check_fn(const struct strbuf *out);

static void check(struct strbuf *out, check_fn *fn)
{
    MUST(!out->failed);
    fn(out);
    strbuf_clear(out);
}

static void check_gate(const struct gate_report *report)
{
    struct strbuf out = {0};

    gate_json(report, &out);
    check(&out, check_json);
    gate_junit(report, &out);
    check(&out, check_xml);
    gate_openmetrics(report, &out);
    check(&out, check_exposition);
    gate_annotations(report, &out);
    check(&out, check_annotations);
    gate_markdown(report, false, &out);
    check(&out, check_comment);
}

static void check_tests(const struct test_report *report)
{
    struct strbuf out = {0};

    tests_json(report, &out);
    check(&out, check_json);
    tests_junit(report, &out);
    check(&out, check_xml);
    tests_openmetrics(report, &out);
    check(&out, check_exposition);
    tests_annotations(report, &out);
    check(&out, check_annotations);
    tests_markdown(report, false, &out);
    check(&out, check_comment);
}

static void check_run(const struct results *results)
{
    const struct estimate_policy policy = estimate_defaults();
    struct run_report report;
    struct strbuf out = {0};

    if (run_report_make(results, 0, &policy, &report, NULL) == 0) {
        run_json(&report, &out);
        check(&out, check_json);
        run_junit(&report, &out);
        check(&out, check_xml);
        run_openmetrics(&report, &out);
        check(&out, check_exposition);
        run_annotations(&report, &out);
        check(&out, check_annotations);
        run_markdown(&report, false, &out);
        check(&out, check_comment);
    }
    run_report_clear(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct document document;
    struct error err = {0};
    int rc = document_read("fuzz", (const char *)data, size, &document, &err);

    MUST(rc == (int)err.code);
    MUST(rc == 0 || err.text[0]);
    if (rc == 0 && document.kind == DOCUMENT_GATE)
        check_gate(&document.gate);
    if (rc == 0 && document.kind == DOCUMENT_TESTS)
        check_tests(&document.tests);
    if (rc == 0 && document.kind == DOCUMENT_RUN)
        check_run(document.results);
    document_clear(&document);
    return 0;
}
