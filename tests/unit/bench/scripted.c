/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine for tests of the measuring loop. */
#include <config.h>

#include "tests/unit/bench/scripted.h"

#include <string.h>

#include "bench/team.h"

struct scripted *scripted;

void scripted_log(char c)
{
    if (scripted->logged + 1 < sizeof scripted->log)
        scripted->log[scripted->logged++] = c;
}

static int64_t wall_ns(void *ctx)
{
    (void)ctx;
    scripted_log('W');
    return scripted->now_ns;
}

static int64_t monotonic_ns(void *ctx)
{
    (void)ctx;
    scripted_log('M');
    return scripted->now_ns + 1000000;
}

static int64_t cpu_ns(void *ctx)
{
    (void)ctx;
    scripted_log('C');
    return scripted->cpu_ns;
}

static void usage(void *ctx, struct tarei_usage *out)
{
    (void)ctx;
    scripted_log('U');
    *out = (struct tarei_usage){scripted->switches, scripted->minor_faults,
                                scripted->major_faults};
}

static int64_t run_delay_ns(void *ctx)
{
    (void)ctx;
    scripted_log('D');
    return scripted->run_delay_ns;
}

static int32_t cpu(void *ctx)
{
    (void)ctx;
    scripted_log('P');
    return scripted->cpu;
}

const struct tarei_clock scripted_clock = {
    .wall_ns = wall_ns,
    .monotonic_ns = monotonic_ns,
    .cpu_ns = cpu_ns,
    .usage = usage,
    .run_delay_ns = run_delay_ns,
    .cpu = cpu,
};

static int next(void *ctx, struct tare *b, struct tarei_order *out)
{
    struct scripted *s = ctx;

    (void)b;
    if (s->next == s->n_orders)
        return 0;
    *out = s->order[s->next++];
    return 1;
}

static void done(void *ctx, struct tare *b, const struct tarei_sample *sample)
{
    struct scripted *s = ctx;

    (void)b;
    s->sample[s->n_samples++] = *sample;
}

const char *scripted_run(struct scripted *s, const struct tare_case *def,
                         const struct tarei_order *order, size_t n)
{
    const struct tarei_driver driver = {next, done, s};
    static struct tarei_clock clock;
    struct tarei_cursor cursor = {.combination = 0};
    struct tare_case copy = *def;
    char problem[REGISTRY_TEXT];

    scripted = s;
    clock = scripted_clock;
    copy.size = sizeof copy;
    copy.kind = TARE_KIND_BENCH;
    copy.name = copy.name ? copy.name : "body";
    copy.file = "body.c";
    copy.line = 1;
    cursor.next = &copy;
    memcpy(s->order, order, n * sizeof *order);
    s->n_orders = n;
    s->next = s->n_samples = s->logged = 0;
    memset(s->log, 0, sizeof s->log);
    tarei_context_begin(&s->context, &s->item);
    if (tarei_cursor_next(&cursor, &s->item, problem) < 0) {
        tarei_context_fail(&s->context, "%s", problem);
        return s->context.message;
    }
    clock.counts = s->counts;
    tarei_bench_begin(&s->context, &s->bench, &clock, &driver);
    tarei_team_run(&s->context);
    return s->context.message;
}
