/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a line in as few bytes as they need. */
#include <config.h>

#include "report/dashboard_parts.h"

#include <math.h>

#include "report/columns.h"

/* Bits of a value that are kept: the smallest value of a line is right to
 * 2^-18, its intervals to 2^-16. */
enum { VALUE_BITS = 17, INTERVAL_STEPS = 4 };

static const double most_steps = 1125899906842624; /* 2^50 */

double dashboard_step(const struct history_line *line)
{
    double least = INFINITY, most = 0;
    double step;

    for (size_t i = 0; i < line->n; i++) {
        double x = fabs(line->point[i].value);

        if (!isfinite(x) || x == 0)
            continue;
        least = fmin(least, x);
        most = fmax(most, x);
    }
    if (most == 0)
        return 1;
    step = exp2(floor(log2(least)) - VALUE_BITS);
    return fmax(step, exp2(ceil(log2(most / most_steps))));
}

static int64_t steps_of(double x, double step)
{
    return (int64_t)llround(x / step);
}

/* Runs of neighbours: (signed step from where the number would be if it went on
 * as before, how many go on), `by` each. */
struct run_writer {
    struct strbuf *bytes;
    size_t from, length; /* of the run so far */
    size_t end;          /* of the run before */
    size_t by;
};

static void end_run(struct run_writer *w)
{
    if (!w->length)
        return;
    column_put_signed(w->bytes, (int64_t)w->from - (int64_t)w->end);
    column_put(w->bytes, w->length);
    w->end = w->from + w->by * w->length;
    w->length = 0;
}

static void add_to_run(struct run_writer *w, size_t number)
{
    if (w->length && number != w->from + w->by * w->length)
        end_run(w);
    if (!w->length)
        w->from = number;
    w->length++;
}

static void put_moments(const struct history_line *line,
                        struct moments *moments, struct strbuf *bytes)
{
    struct run_writer w = {.bytes = bytes, .by = 1};
    size_t guess = 0;

    for (size_t i = 0; i < line->n; i++) {
        size_t number = moments_number(moments, &line->point[i], guess);

        guess = number + 1;
        add_to_run(&w, number);
    }
    end_run(&w);
}

static void put_efforts(const struct history_line *line,
                        struct efforts *efforts, struct strbuf *bytes)
{
    struct run_writer w = {.bytes = bytes};
    size_t guess = 0;

    for (size_t i = 0; i < line->n; i++) {
        guess = efforts_number(efforts, &line->point[i], guess);
        add_to_run(&w, guess);
    }
    end_run(&w);
}

/* Steps from one value to the next; a value that is unknown stands as the one
 * before, and is marked by its interval. */
static void put_values(const struct history_line *line, double step,
                       struct strbuf *bytes)
{
    int64_t last = 0;

    for (size_t i = 0; i < line->n; i++) {
        double x = line->point[i].value;
        int64_t at = isfinite(x) ? steps_of(x, step) : last;

        column_put_signed(bytes, at - last);
        last = at;
    }
}

/* How far an end lies from the value: 0 there is no interval, 1 there is not
 * even a value, else 2 more than the distance. */
static void put_ends(const struct history_line *line, double step, bool high,
                     struct strbuf *bytes)
{
    for (size_t i = 0; i < line->n; i++) {
        const struct history_point *p = &line->point[i];
        double gap = high ? p->high - p->value : p->value - p->low;

        if (!isfinite(p->value))
            column_put(bytes, 1);
        else if (!isfinite(p->low) || !isfinite(p->high))
            column_put(bytes, 0);
        else
            column_put(bytes, 2 + (uint64_t)steps_of(fmax(gap, 0),
                                                     step * INTERVAL_STEPS));
    }
}

void dashboard_points(const struct history_line *line, struct moments *moments,
                      struct efforts *efforts, struct strbuf *bytes)
{
    double step = dashboard_step(line);

    put_moments(line, moments, bytes);
    put_efforts(line, efforts, bytes);
    put_values(line, step, bytes);
    put_ends(line, step, false, bytes);
    put_ends(line, step, true, bytes);
}
