/* SPDX-License-Identifier: MIT */
/* What a benchmark with TARE_LATENCY adds to `closed`. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include "bench/loop.h"
#include "bench/message.h"

/* Quantiles, extremes and the histogram; nothing without one. */
void tarei_out_latency(struct tarei_out *out, const struct tarei_bench *bench);

#endif
