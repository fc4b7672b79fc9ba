/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounting for the time of workers. */
#include <config.h>

#include "runner/scale/limit.h"

#include <math.h>

/* What is lost of the workers' time before anything is said to limit. */
static const double loss_that_matters = 0.05;
/* How much of the time without fixtures one test must take to be the reason
 * why others have nothing to do. */
static const double longest_stands_out = 0.85;

/* Seconds of workers for a unit of work, by what became of them. */
struct account {
    double workers;  /* all of it: N times the time */
    double fixtures; /* everybody waits */
    double idle;     /* nothing to do */
    double cpu;      /* working */
    double waiting;  /* at work, without a CPU */
    double others;   /* of that, at most: what others took of the CPUs */
};

static double known(double x)
{
    return isfinite(x) && x > 0 ? x : 0;
}

/* Where nothing says what workers were busy with, they were at work all the time;
 * but the CPU time of a command is all that can be known of what it divides
 * among them. */
static double busy_of(const struct scale_figure *f, bool divisible, double rest)
{
    if (isfinite(f->line.busy))
        return fmin(f->line.busy, rest);
    return divisible && isfinite(f->line.cpu) ? fmin(f->line.cpu, rest) : rest;
}

static struct account account_of(const struct scale_figure *f, bool divisible)
{
    double n = f->count, workers = n * f->seconds.centre;
    double fixtures = fmin(n * known(f->line.fixtures), workers);
    double busy = busy_of(f, divisible, workers - fixtures);
    double cpu = isfinite(f->line.cpu) ? fmin(f->line.cpu, busy) : busy;

    return (struct account){
        .workers = workers,
        .fixtures = fixtures,
        .idle = workers - fixtures - busy,
        .cpu = cpu,
        .waiting = busy - cpu,
        .others = workers * (known(f->steal) + known(f->foreign)),
    };
}

/* What each reason cost beyond what it cost with the fewest workers. */
struct part {
    enum scale_limit limit;
    double seconds;
};

static bool one_test_holds_up(const struct scale_figure *f)
{
    double rest = f->seconds.centre - known(f->line.fixtures);

    return f->line.longest >= longest_stands_out * rest;
}

/* What others took explains half of what grew, or more. */
static bool by_others(const struct account *base, const struct account *here,
                      double grown)
{
    return here->others - base->others >= grown / 2;
}

static enum scale_limit idle_because(const struct scale_figure *f,
                                     const struct account *base,
                                     const struct account *here, bool divisible)
{
    if (!divisible && one_test_holds_up(f))
        return SCALE_LIMIT_LONGEST;
    if (by_others(base, here, here->idle - base->idle))
        return SCALE_LIMIT_OTHERS;
    return divisible ? SCALE_LIMIT_SERIAL : SCALE_LIMIT_IDLE;
}

static enum scale_limit waiting_because(const struct account *base,
                                        const struct account *here)
{
    return by_others(base, here, here->waiting - base->waiting)
               ? SCALE_LIMIT_OTHERS
               : SCALE_LIMIT_WAITING;
}

static size_t largest(const struct scale_analysis *a)
{
    size_t last = a->base;

    for (size_t c = 0; c < a->n_counts; c++)
        if (a->figure[c].n)
            last = c;
    return last;
}

static void name_growth(struct scale_loss *loss, const struct account *base,
                        const struct account *here)
{
    if (loss->limit == SCALE_LIMIT_MEMORY && base->cpu > 0)
        loss->growth = here->cpu / base->cpu;
    if (loss->limit == SCALE_LIMIT_WAITING)
        loss->growth =
            (here->cpu + here->waiting) / (base->cpu + base->waiting);
}

struct scale_loss scale_limit_of(const struct scale_analysis *analysis,
                                 bool divisible)
{
    size_t last = largest(analysis);
    const struct scale_figure *f = &analysis->figure[last];
    struct account base =
        account_of(&analysis->figure[analysis->base], divisible);
    struct account here = account_of(f, divisible);
    struct scale_loss loss = {
        .at = last, .lost = NAN, .share = NAN, .growth = NAN};
    struct part part[] = {
        {SCALE_LIMIT_FIXTURE, here.fixtures - base.fixtures},
        {idle_because(f, &base, &here, divisible), here.idle - base.idle},
        {SCALE_LIMIT_MEMORY, here.cpu - base.cpu},
        {waiting_because(&base, &here), here.waiting - base.waiting},
    };
    size_t worst = 0;

    if (last == analysis->base || f->n == 0)
        return loss;
    loss.lost = 1 - f->efficiency;
    if (loss.lost < loss_that_matters) {
        loss.limit = SCALE_LIMIT_NONE;
        return loss;
    }
    if (!isfinite(f->line.busy) && !isfinite(f->line.cpu))
        return loss;
    for (size_t i = 1; i < sizeof part / sizeof *part; i++)
        if (part[i].seconds > part[worst].seconds)
            worst = i;
    if (!(part[worst].seconds > 0))
        return loss;
    loss.limit = part[worst].limit;
    loss.share = fmin(1, part[worst].seconds / (here.workers - base.workers));
    loss.name = loss.limit == SCALE_LIMIT_LONGEST ? f->line.longest_name : NULL;
    name_growth(&loss, &base, &here);
    return loss;
}

const char *scale_limit_name(enum scale_limit limit)
{
    static const char *const names[] = {
        [SCALE_LIMIT_UNKNOWN] = "unknown",
        [SCALE_LIMIT_NONE] = "none",
        [SCALE_LIMIT_LONGEST] = "longest-test",
        [SCALE_LIMIT_FIXTURE] = "fixture",
        [SCALE_LIMIT_IDLE] = "idle",
        [SCALE_LIMIT_SERIAL] = "serial",
        [SCALE_LIMIT_MEMORY] = "memory",
        [SCALE_LIMIT_WAITING] = "waiting",
        [SCALE_LIMIT_OTHERS] = "others",
    };

    return names[limit];
}
