/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/foreign_bench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Shorter, and the harness measures its own loop; longer is never asked for. */
static const double shortest_ns = 1e6, longest_ns = 60e9;

bool foreign_bench_open(struct foreign_bench *bench, struct recipe *recipe,
                        struct arena *arena)
{
    *bench = (struct foreign_bench){.time_ns = 0};
    return recipe_words_add(arena, &recipe->run, bench->min_time);
}

void foreign_bench_close(struct foreign_bench *bench)
{
    for (size_t i = 0; i < bench->n_tallies; i++)
        series_clear(&bench->tally[i].series);
    bench->n_tallies = 0;
}

/* Without a unit behind the number, which versions before 1.8 do not know. */
void foreign_bench_aim(struct foreign_bench *bench, uint64_t n)
{
    double ns = fmin(fmax(bench->time_ns * (double)n, shortest_ns), longest_ns);

    snprintf(bench->min_time, sizeof bench->min_time,
             "--benchmark_min_time=%.6f", ns / 1e9);
}

static struct foreign_tally *tally_of(struct foreign_bench *bench,
                                      const struct foreign_figure *figure)
{
    struct foreign_tally *t;

    for (size_t i = 0; i < bench->n_tallies; i++)
        if (strcmp(bench->tally[i].name, figure->name) == 0)
            return &bench->tally[i];
    if (bench->n_tallies == FOREIGN_FIGURES)
        return NULL;
    t = &bench->tally[bench->n_tallies++];
    *t = (struct foreign_tally){.better = figure->better};
    memcpy(t->name, figure->name, sizeof t->name);
    memcpy(t->unit, figure->unit, sizeof t->unit);
    return t;
}

void foreign_bench_take(struct foreign_bench *bench, struct tare *b, uint64_t n,
                        const struct foreign_verdict *verdict)
{
    double ns = fmin(rint(verdict->time_ns * (double)n), 1e18);

    for (size_t i = 0; i < verdict->n_figures; i++) {
        struct foreign_tally *t = tally_of(bench, &verdict->figure[i]);

        if (t && !series_add(&t->series, verdict->figure[i].value))
            tare_fail(b, "no memory for figures");
    }
    bench->time_ns = verdict->time_ns;
    tare_time_ns(b, (int64_t)ns);
}

void foreign_bench_say(struct foreign_bench *bench, struct tare *b)
{
    static const enum tare_better better[] = {
        [BETTER_NONE] = TARE_NO_DIRECTION,
        [BETTER_LOWER] = TARE_LOWER_IS_BETTER,
        [BETTER_HIGHER] = TARE_HIGHER_IS_BETTER,
    };

    for (size_t i = 0; i < bench->n_tallies; i++) {
        struct foreign_tally *t = &bench->tally[i];

        tare_counter(b, t->name, series_middle(&t->series), t->unit,
                     better[t->better]);
    }
}
