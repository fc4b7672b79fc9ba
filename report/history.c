/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a history amounts to. */
#include <config.h>

#include "report/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

bool history_is_worse(const struct history_line *line,
                      const struct history_change *change)
{
    switch (line->better) {
    case BETTER_LOWER:
        return change->ratio > 1;
    case BETTER_HIGHER:
        return change->ratio < 1;
    default:
        return false;
    }
}

static bool is_alarming(const struct history_line *line,
                        const struct history_change *change)
{
    switch (line->alarm) {
    case HISTORY_ALARM_WORSE:
        return history_is_worse(line, change);
    case HISTORY_ALARM_BETTER:
        return line->better != BETTER_NONE && !history_is_worse(line, change);
    case HISTORY_ALARM_BOTH:
        return true;
    default:
        return false;
    }
}

bool history_is_open(const struct history_line *line,
                     const struct history_change *change)
{
    return is_alarming(line, change) && !change->provisional && !*change->ack;
}

const struct history_change *history_change_at(const struct history_line *line,
                                               size_t at)
{
    for (size_t i = 0; i < line->n_changes; i++)
        if (line->change[i].at == at)
            return &line->change[i];
    return NULL;
}

bool history_drifts(const struct history_report *report,
                    const struct history_line *line)
{
    return isfinite(line->drift) && line->drift_p <= report->drift_alpha;
}

struct history_counts history_count(const struct history_report *report)
{
    struct history_counts counts = {0};

    for (size_t i = 0; i < report->n; i++) {
        const struct history_line *line = &report->line[i];

        counts.changes += line->n_changes;
        for (size_t k = 0; k < line->n_changes; k++) {
            const struct history_change *c = &line->change[k];

            counts.open += history_is_open(line, c);
            counts.provisional += c->provisional;
            counts.acknowledged += *c->ack != '\0';
        }
    }
    return counts;
}

/* --- the line of blocks */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median of the finite ones among value[0..n-1]; work has room for n. */
static double middle(const double *value, size_t n, double *work)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        if (isfinite(value[i]))
            work[count++] = value[i];
    if (count == 0)
        return NAN;
    qsort(work, count, sizeof *work, by_value);
    return work[count / 2];
}

static void put_block(struct strbuf *out, double value, double low, double high)
{
    static const char *const block[] = {
        "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
        "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88",
    };
    enum { LEVELS = ARRAY_LEN(block) };
    int level = LEVELS / 2 - 1; /* where nothing moves */

    if (!isfinite(value)) {
        strbuf_putc(out, ' ');
        return;
    }
    if (high > low)
        level = (int)((value - low) / (high - low) * LEVELS);
    strbuf_puts(out, block[level < LEVELS ? level : LEVELS - 1]);
}

void history_spark(struct strbuf *out, const double *value, size_t n,
                   size_t width, double least)
{
    size_t columns = n < width ? n : width;
    SCOPED(free_scoped) double *column = calloc(columns + 1, sizeof *column);
    SCOPED(free_scoped) double *work = calloc(n + 1, sizeof *work);
    double low = INFINITY, high = -INFINITY;

    if (!column || !work) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < columns; i++) {
        size_t from = i * n / columns, to = (i + 1) * n / columns;

        column[i] = middle(value + from, to - from, work);
        if (!isfinite(column[i]))
            continue;
        low = fmin(low, column[i]);
        high = fmax(high, column[i]);
    }
    least *= fabs(low + high) / 2;
    if (high > low && high - low < least) {
        double middle_value = (low + high) / 2;

        low = middle_value - least / 2;
        high = middle_value + least / 2;
    }
    for (size_t i = 0; i < columns; i++)
        put_block(out, column[i], low, high);
}
