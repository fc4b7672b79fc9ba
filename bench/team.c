/* SPDX-License-Identifier: MIT */
/* A benchmark in one thread. */
#include <config.h>

#include "bench/team.h"

void tarei_team_run(struct tare *b)
{
    tarei_bench_run(b);
}

int tarei_team_next(struct tare *b, struct tarei_order *out)
{
    return b->bench->driver.next(b->bench->driver.ctx, b, out);
}

void tarei_team_start(struct tarei_bench *bench)
{
    (void)bench;
}

void tarei_team_stop(struct tarei_bench *bench)
{
    (void)bench;
}

int tarei_team_all_stopped(const struct tarei_bench *bench)
{
    (void)bench;
    return 1;
}

void tarei_team_deliver(struct tare *b, const struct tarei_sample *sample)
{
    b->bench->driver.done(b->bench->driver.ctx, b, sample);
}
