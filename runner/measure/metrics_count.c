/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often to count, and what becomes of it. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/metrics.h"
#include "stats/exact.h"

uint64_t counting_iterations(double iteration_ns)
{
    static const struct {
        double below_ns;
        uint64_t iterations;
    } steps[] = {{1e3, 1000}, {1e5, 100}, {1e7, 10}};

    for (size_t i = 0; i < ARRAY_LEN(steps); i++)
        if (iteration_ns < steps[i].below_ns)
            return steps[i].iterations;
    return 1;
}

bool counting_wants(const struct results *results, size_t i, size_t n)
{
    const struct case_results *c = &results->cases[i];

    if (n < COUNTING_LEAST)
        return true;
    for (size_t k = 0; k < c->n_metrics && n < COUNTING_MOST; k++) {
        const struct invocations *in =
            &c->metric[k].occasion[results->n_occasions - 1];

        if (metric_is_counted(c->metric[k].name) && in->n >= COUNTING_LEAST &&
            !exact_is_deterministic(in->invocation, in->n))
            return true;
    }
    return false;
}

int counting_record(struct results *results, size_t i,
                    const struct side_report *counted, struct error *err)
{
    for (size_t k = 0; k < counted->n_counters; k++) {
        const struct user_counter *c = &counted->counter[k];
        struct metric *metric = results_need_metric(
            results, &results->cases[i], c->name, c->unit, c->better);
        int rc;

        if (!metric)
            return ERROR(err, ERR_NOMEM, "no memory for a metric");
        rc = results_add_invocation(results, metric, results->n_occasions - 1,
                                    &c->value, 1, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int callgrind_total(const char *name, const char *bytes, size_t size,
                    double *out, struct error *err)
{
    static const char key[] = "totals: ";
    enum { DIGITS = 19 };
    const char *end = bytes + size;

    for (const char *line = bytes; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((next ? next : end) - line);
        char digits[DIGITS + 1] = {0};
        size_t n = length > sizeof key - 1 ? length - (sizeof key - 1) : 0;

        if (n > 0 && n <= DIGITS && memcmp(line, key, sizeof key - 1) == 0) {
            memcpy(digits, line + sizeof key - 1, n);
            if (strspn(digits, "0123456789") == n) {
                *out = (double)strtoull(digits, NULL, 10);
                return 0;
            }
        }
        line = next ? next + 1 : end;
    }
    return ERROR_AT(err, ERR_PARSE, name, 0, 0,
                    "callgrind wrote no line 'totals: N'");
}
