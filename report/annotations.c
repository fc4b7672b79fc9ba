/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/annotations.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "report/text.h"

enum level { LEVEL_NONE = 0, LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVELS };

static const char *const words[LEVELS] = {
    [LEVEL_ERROR] = "error",
    [LEVEL_WARNING] = "warning",
    [LEVEL_NOTICE] = "notice",
};

/* How many of each level were written, and how many there are. */
struct annotator {
    struct strbuf *out;
    size_t written[LEVELS], total[LEVELS];
};

/* A value ends at a newline, a property besides at a comma; the runner decodes
 * %25, %0D, %0A, and in properties %3A and %2C. */
static void put_value(struct strbuf *out, const char *untrusted, bool property)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    text_escape_lines(&text, untrusted);
    for (const char *p = strbuf_text(&text); *p; p++) {
        if (*p == '%')
            strbuf_puts(out, "%25");
        else if (*p == '\n')
            strbuf_puts(out, "%0A");
        else if (property && *p == ':')
            strbuf_puts(out, "%3A");
        else if (property && *p == ',')
            strbuf_puts(out, "%2C");
        else
            strbuf_putc(out, *p);
    }
    out->failed |= text.failed;
}

/* file "" is no place. */
static void put_line(struct strbuf *out, enum level level, const char *file,
                     uint32_t line, const char *title, const char *message)
{
    strbuf_printf(out, "::%s ", words[level]);
    if (*file) {
        strbuf_puts(out, "file=");
        put_value(out, file, true);
        if (line)
            strbuf_printf(out, ",line=%" PRIu32, line);
        strbuf_putc(out, ',');
    }
    strbuf_puts(out, "title=");
    put_value(out, title, true);
    strbuf_puts(out, "::");
    put_value(out, message, false);
    strbuf_putc(out, '\n');
}

/* Room for one more of a level?  The last place is kept for the count, unless
 * all fit. */
static bool admit(struct annotator *a, enum level level)
{
    size_t room = a->total[level] > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1
                                                    : ANNOTATIONS_MAX;

    if (level == LEVEL_NONE || a->written[level] >= room)
        return false;
    a->written[level]++;
    return true;
}

static void put_rest(const struct annotator *a)
{
    for (int level = LEVEL_ERROR; level < LEVELS; level++) {
        char message[80];

        if (a->total[level] <= a->written[level])
            continue;
        snprintf(message, sizeof message, "and %zu more: see the summary",
                 a->total[level] - a->written[level]);
        put_line(a->out, (enum level)level, "", 0, "tare", message);
    }
}

/* --- comparisons */

static enum level level_of(const struct gate_case *c)
{
    static const enum level levels[VERDICT_COUNT] = {
        [VERDICT_REGRESSED] = LEVEL_ERROR,
        [VERDICT_FAILED] = LEVEL_ERROR,
        [VERDICT_GONE] = LEVEL_ERROR,
        [VERDICT_INCONCLUSIVE] = LEVEL_WARNING,
        [VERDICT_INCOMPARABLE] = LEVEL_WARNING,
        [VERDICT_IMPROVED] = LEVEL_NOTICE,
    };

    return gate_is_waived(c) ? LEVEL_NOTICE : levels[c->comparison.verdict];
}

static void put_case(struct annotator *a, const struct gate_case *c)
{
    const struct comparison *m = &c->comparison;
    SCOPED(strbuf_scoped) struct strbuf title = {0}, message = {0};
    SCOPED(strbuf_scoped) struct strbuf reason = {0};
    char low[QUANTITY_TEXT], high[QUANTITY_TEXT], share[SHARE_TEXT];

    strbuf_printf(&title, "%s %s", c->id, verdict_name(m->verdict));
    if (strcmp(c->metric, "time") != 0)
        strbuf_printf(&message, "%s: ", c->metric);
    if (isfinite(m->ratio))
        strbuf_puts(&message, format_change(low, m->ratio));
    if (m->low > 0 && isfinite(m->high)) {
        format_changes(low, high, m->low, m->high);
        strbuf_printf(&message, ", %s to %s at %s", low, high,
                      text_share(share, m->confidence));
    }
    gate_reason(c, &reason);
    if (reason.size)
        strbuf_printf(&message, "%s%s", message.size ? ". " : "",
                      strbuf_text(&reason));
    if (message.size == 0)
        strbuf_puts(&message, verdict_name(m->verdict));
    put_line(a->out, level_of(c), "", 0, strbuf_text(&title),
             strbuf_text(&message));
    a->out->failed |= title.failed || message.failed || reason.failed;
}

/* A mean is no case, and fails a gate like one. */
static void put_means(const struct gate_report *report, struct strbuf *out)
{
    for (size_t i = 0; i < report->n_means; i++) {
        const struct gate_mean *m = &report->mean[i];
        SCOPED(strbuf_scoped) struct strbuf title = {0};
        char change[QUANTITY_TEXT];

        if (m->verdict != VERDICT_REGRESSED)
            continue;
        strbuf_printf(&title, "the mean of %s regressed",
                      *m->name ? m->name : "the suite");
        put_line(out, LEVEL_ERROR, "", 0, strbuf_text(&title),
                 format_change(change, m->ratio));
        out->failed |= title.failed;
    }
}

void gate_annotations(const struct gate_report *report, struct strbuf *out)
{
    struct annotator a = {.out = out};
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    SCOPED(free_scoped)
    size_t *order = malloc((report->n_cases + 1) * sizeof *order);
    char change[QUANTITY_TEXT];

    if (!order) {
        out->failed = true;
        return;
    }
    gate_sort(report, order);
    for (size_t i = 0; i < report->n_cases; i++)
        a.total[level_of(&report->cases[i])]++;
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct gate_case *c = &report->cases[order[i]];

        if (admit(&a, level_of(c)))
            put_case(&a, c);
    }
    put_rest(&a);
    put_means(report, out);
    if (isfinite(report->moved)) {
        strbuf_printf(&line, "most cases and the anchors moved together by %s",
                      format_change(change, report->moved));
        put_line(out, LEVEL_WARNING, "", 0, "the machine changed",
                 strbuf_text(&line));
        strbuf_clear(&line);
    }
    gate_conclusion(report, &line);
    put_line(out, LEVEL_NOTICE, "", 0, "tare", strbuf_text(&line));
    out->failed |= line.failed;
}

/* --- runs */

void run_annotations(const struct run_report *report, struct strbuf *out)
{
    struct annotator a = {.out = out, .total = {0}};
    char message[120];

    a.total[LEVEL_ERROR] = report->n_failed;
    for (size_t i = 0; i < report->n_cases; i++) {
        const struct case_results *r = report->cases[i].result;

        if (r->status == CASE_FAILED && admit(&a, LEVEL_ERROR))
            put_line(out, LEVEL_ERROR, "", 0, r->id, r->message);
    }
    put_rest(&a);
    snprintf(message, sizeof message, "%zu measured, %zu failed, %zu skipped",
             report->n_measured, report->n_failed, report->n_skipped);
    put_line(out, LEVEL_NOTICE, "", 0, "tare run", message);
}

/* --- tests */

static enum level test_level(const struct test_result *t)
{
    if (test_verdict(t->outcome) == TEST_VERDICT_FAILED)
        return LEVEL_ERROR;
    return t->outcome == TEST_FLAKY ? LEVEL_WARNING : LEVEL_NONE;
}

static void put_test(struct annotator *a, const struct test_result *t)
{
    SCOPED(strbuf_scoped) struct strbuf title = {0};

    strbuf_printf(&title, "%s %s", t->id, test_outcome_name(t->outcome));
    put_line(a->out, test_level(t), t->file, t->line, strbuf_text(&title),
             *t->message ? t->message : test_outcome_name(t->outcome));
    a->out->failed |= title.failed;
}

void tests_annotations(const struct test_report *report, struct strbuf *out)
{
    struct test_summary s = test_summarise(report);
    struct annotator a = {.out = out};
    char message[120];

    for (size_t i = 0; i < report->n; i++)
        a.total[test_level(&report->test[i])]++;
    for (size_t i = 0; i < report->n; i++)
        if (admit(&a, test_level(&report->test[i])))
            put_test(&a, &report->test[i]);
    put_rest(&a);
    for (size_t i = 0; i < report->n_problems; i++)
        put_line(out, LEVEL_ERROR, "", 0, "tare test", report->problem[i]);
    snprintf(message, sizeof message, "%zu passed, %zu failed, %zu skipped",
             s.passed, s.failed, s.skipped);
    put_line(out, LEVEL_NOTICE, "", 0, "tare test", message);
}
