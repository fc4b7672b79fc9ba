/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change points on shuffled measured noise: how often an unchanged history
 * shows one, and how often a 5 % step is found where it is. */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/change.h"
#include "stats/order.h"
#include "tests/slow/rates.h"
#include "tests/slow/sessions.h"

enum {
    POINTS = 60,
    STEP_AT = 30,
    PROCESSES = 12,
    BANKS = 10,
    LONGEST = 2000,
    WINDOW = 15,
    SHUFFLES = 40,
};

/* The noise of one real history: log ratios to the median around each point. */
struct bank {
    double value[LONGEST];
    size_t n;
};

static gsl_rng *rng;
static struct bank banks[BANKS];
static size_t n_banks;

static void must(int rc)
{
    if (rc < 0) {
        fprintf(stderr, "a function failed with %d\n", rc);
        abort();
    }
}

/* What is left of a series when its level is taken away. */
static void take_noise(const double *x, size_t n, struct bank *out)
{
    for (size_t i = 0; i + WINDOW <= n; i++) {
        double median;

        must(stats_median(x + i, WINDOW, &median, NULL));
        out->value[out->n++] = x[i + WINDOW / 2] - median;
    }
}

static void read_banks(void)
{
    const char *folder = getenv("SLOW_DATA");
    static char line[65536];
    static double x[LONGEST];
    char path[1024];
    FILE *in;

    snprintf(path, sizeof path, "%s/series.txt", folder ? folder : ".");
    in = fopen(path, "r");
    if (!in) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof line, in) && n_banks < BANKS) {
        size_t n = 0;
        char *word = strtok(line, " \n");

        if (word[0] == '#')
            continue;
        while ((word = strtok(NULL, " \n")) && n < LONGEST)
            x[n++] = log(strtod(word, NULL));
        take_noise(x, n, &banks[n_banks++]);
    }
    fclose(in);
}

/* Changes of one history; provisional ones do not count. */
static size_t find(const double *x, struct change *found)
{
    struct change_policy policy = change_defaults();
    size_t count, sure = 0;

    policy.seed = gsl_rng_get(rng);
    must(change_find(x, POINTS, NULL, 0, &policy, found, &count, NULL));
    for (size_t i = 0; i < count; i++)
        if (!found[i].provisional)
            found[sure++] = found[i];
    return sure;
}

struct tally {
    size_t all, any, right;
};

/* One history of these log values with a step. */
static void count_one(const double *noise, double step, struct tally *tally)
{
    struct change found[POINTS];
    double x[POINTS];
    size_t n;

    for (size_t k = 0; k < POINTS; k++)
        x[k] = exp(noise[k]) * (k < STEP_AT ? 1 : 1 + step);
    n = find(x, found);
    tally->all++;
    tally->any += n > 0;
    for (size_t k = 0; k < n; k++)
        if (found[k].at + 2 >= STEP_AT && found[k].at <= STEP_AT + 2) {
            tally->right++;
            return;
        }
}

static struct tally shuffled_series(double step)
{
    struct tally tally = {0};

    for (size_t b = 0; b < n_banks; b++)
        for (size_t r = 0; r < SHUFFLES; r++) {
            gsl_ran_shuffle(rng, banks[b].value, banks[b].n, sizeof(double));
            count_one(banks[b].value, step, &tally);
        }
    return tally;
}

/* Points that are medians of processes drawn from one session. */
static struct tally sessions(double step)
{
    const struct session_group *g[SESSION_GROUPS];
    size_t groups = sessions_of("p40", NULL, g);
    struct tally tally = {0};

    for (size_t i = 0; i < groups; i++)
        for (size_t r = 0; r < 8; r++) {
            double noise[POINTS], x[PROCESSES];

            for (size_t k = 0; k < POINTS; k++) {
                gsl_ran_choose(rng, x, PROCESSES, (void *)g[i]->value, g[i]->n,
                               sizeof *x);
                must(stats_median(x, PROCESSES, &noise[k], NULL));
            }
            count_one(noise, step, &tally);
        }
    return tally;
}

int main(void)
{
    struct change found[POINTS];
    double same[POINTS];
    struct tally tally;
    size_t count;

    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 99);
    sessions_read(&count);
    read_banks();
    rate_title("Histories of 60 points: shuffled noise of seven projects");
    tally = shuffled_series(0);
    rate_check("unchanged histories with a change", tally.any, tally.all, 0,
               0.03);
    tally = shuffled_series(0.05);
    rate_check("5 % steps found within 2 points", tally.right, tally.all, 0.85,
               1);
    rate_title("Each point the median of 12 processes of a noisy machine");
    tally = sessions(0);
    rate_check("unchanged histories with a change", tally.any, tally.all, 0,
               0.03);
    tally = sessions(0.05);
    rate_note("5 % steps found within 2 points",
              100 * (double)tally.right / (double)tally.all, "%");
    for (size_t k = 0; k < POINTS; k++)
        same[k] = 42;
    rate_title("Constant");
    rate_check("constant histories with a change", find(same, found) > 0, 1, 0,
               0);
    gsl_rng_free(rng);
    return rate_end();
}
