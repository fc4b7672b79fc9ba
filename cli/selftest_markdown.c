/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The self-test as the table of a README. */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/selftest.h"
#include "report/parts.h"
#include "stats/binomial.h"
#include "stats/order.h"

/* The trials of one kind over the kernels of one class. */
struct pooled {
    size_t n, regressed, unchanged;
    double median_s;
};

static struct pooled pool(const struct selftest *test, bool calm, size_t kind)
{
    SCOPED(free_scoped) double *seconds = NULL;
    struct pooled p = {.median_s = NAN};
    size_t n = 0;

    for (size_t r = 0; r < test->n; r++)
        n += test->row[r].trial[kind].n;
    seconds = calloc(n + 1, sizeof *seconds);
    for (size_t r = 0; r < test->n && seconds; r++) {
        const struct trials *t = &test->row[r].trial[kind];

        if (test->row[r].kernel->calm != calm)
            continue;
        for (size_t i = 0; i < t->n; i++)
            seconds[p.n++] = t->seconds[i];
        p.regressed += t->regressed;
        p.unchanged += t->unchanged;
    }
    if (seconds)
        stats_median(seconds, p.n, &p.median_s, NULL);
    return p;
}

static void put_rate(struct strbuf *out, size_t k, size_t n)
{
    double low, high;

    binomial_interval(k, n, 0.95, &low, &high);
    strbuf_printf(out, "%zu of %zu (%.1f to %.1f %%)", k, n, 100 * low,
                  100 * high);
}

/* A cell that says by how much a ratio is more than 1. */
static void put_size(struct strbuf *out, double ratio)
{
    if (isfinite(ratio))
        strbuf_printf(out, "%.2f %% | ", 100 * (ratio - 1));
    else
        strbuf_puts(out, "– | ");
}

static void put_class(const struct selftest *test, bool calm,
                      struct strbuf *out)
{
    for (size_t k = 0; k < TRIALS; k++) {
        struct pooled p = pool(test, calm, k);

        if (p.n == 0)
            continue;
        strbuf_printf(out, "| %s | %s | %.2g %% | ", calm ? "calm" : "noisy",
                      trial_kinds[k].permille ? trial_kinds[k].name
                                              : "unchanged",
                      100 * trial_kinds[k].margin);
        put_rate(out, p.regressed, p.n);
        strbuf_puts(out, " | ");
        if (trial_kinds[k].permille)
            strbuf_puts(out, "–");
        else
            put_rate(out, p.unchanged, p.n);
        strbuf_printf(out, " | %.2f s |\n", p.median_s);
    }
}

static void put_trusted(const struct selftest *test, struct strbuf *out)
{
    strbuf_puts(out, "\n| kernel | trusted in 1 s | 3 s | 10 s |\n"
                     "|---|---|---|---|\n");
    for (size_t r = 0; r < test->n; r++) {
        strbuf_printf(out, "| %s | ", test->row[r].kernel->name + 2);
        for (size_t h = 0; h < HORIZONS; h++)
            put_size(out, test->row[r].smallest[h]);
        strbuf_putc(out, '\n');
    }
}

static void put_relinked(const struct layout *layout, struct strbuf *out)
{
    strbuf_puts(out, "\n| relinked | layout floor | same build | called "
                     "different |\n|---|---|---|---|\n");
    for (size_t i = 0; i < layout->n_cases; i++) {
        const struct layout_case *c = &layout->cases[i];

        strbuf_puts(out, "| ");
        markdown_code(out, c->id, 0);
        strbuf_puts(out, " | ");
        put_size(out, c->floor);
        put_size(out, c->noise);
        strbuf_printf(out, "%zu of %zu |\n", c->different, c->compared);
    }
}

void selftest_markdown(const struct selftest *test, struct strbuf *out)
{
    char wall[QUANTITY_TEXT];

    strbuf_puts(out, "| kernels | truth | margin | called regressed | shown "
                     "unchanged | median time |\n|---|---|---|---|---|---|\n");
    put_class(test, true, out);
    put_class(test, false, out);
    put_trusted(test, out);
    if (test->layout)
        put_relinked(test->layout, out);
    strbuf_printf(out, "\n`tare selftest`, %s%s; intervals at 95 %%.\n",
                  format_duration(wall, (int64_t)(test->wall_s * 1e9)),
                  test->interrupted ? ", interrupted" : "");
}
