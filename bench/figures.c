/* SPDX-License-Identifier: MIT */
/* What a benchmark says about itself: throughput, counters, its result. */
#include <config.h>

#include "bench/loop.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Outside of benchmarks these figures have no meaning; saying them is not worth
 * failing a shared helper. */
void tare_items(struct tare *b, uint64_t per_iteration)
{
    if (b->bench)
        b->bench->items = per_iteration;
}

void tare_bytes(struct tare *b, uint64_t per_iteration)
{
    if (b->bench)
        b->bench->bytes = per_iteration;
}

void tare_result(struct tare *b, uint64_t checksum)
{
    struct tarei_bench *bench = b->bench;

    if (!bench)
        return;
    if (bench->has_result && bench->result != checksum)
        tarei_context_fail(b,
                           "%s: the result of '%s' changed from %016" PRIx64
                           " to %016" PRIx64 " within one process",
                           tarei_context_place(b), tare_id(b), bench->result,
                           checksum);
    bench->result = checksum;
    bench->has_result = 1;
}

static struct tarei_counter *find_counter(struct tarei_bench *bench,
                                          const char *name)
{
    for (size_t i = 0; i < bench->n_counters; i++)
        if (strcmp(bench->counter[i].name, name) == 0)
            return &bench->counter[i];
    if (bench->n_counters == COUNTERS_MAX)
        return NULL;
    return &bench->counter[bench->n_counters++];
}

static int is_printable(const char *text, size_t size)
{
    if (!text || !*text || strlen(text) >= size)
        return 0;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return 0;
    return 1;
}

void tare_counter(struct tare *b, const char *name, double value,
                  const char *unit, enum tare_better better)
{
    struct tarei_counter *counter;

    if (!b->bench)
        return;
    if (!is_printable(name, sizeof counter->name))
        tare_fail(b,
                  "%s: a counter of '%s' needs a name of 1 to 63 bytes "
                  "without spaces",
                  tarei_context_place(b), tare_id(b));
    if (!is_printable(unit, sizeof counter->unit))
        tare_fail(b,
                  "%s: counter '%s' needs a unit of 1 to 31 bytes without "
                  "spaces, \"1\" for a plain number",
                  tarei_context_place(b), name);
    if (!isfinite(value))
        tare_fail(b, "%s: counter '%s' is not finite", tarei_context_place(b),
                  name);
    if (better < TARE_NO_DIRECTION || better > TARE_HIGHER_IS_BETTER)
        tare_fail(b,
                  "%s: counter '%s' has no direction such as "
                  "TARE_LOWER_IS_BETTER",
                  tarei_context_place(b), name);
    counter = find_counter(b->bench, name);
    if (!counter)
        tare_fail(b, "%s: '%s' has more than %d counters",
                  tarei_context_place(b), tare_id(b), COUNTERS_MAX);
    *counter = (struct tarei_counter){.value = value, .better = better};
    memcpy(counter->name, name, strlen(name));
    memcpy(counter->unit, unit, strlen(unit));
}

uint64_t tare_samples(const struct tare *b)
{
    return b->bench ? b->bench->orders : 0;
}

int tare_thread(const struct tare *b)
{
    return b->bench ? b->bench->thread : 0;
}

int tare_threads(const struct tare *b)
{
    return b->item && b->item->threads ? b->item->threads : 1;
}
