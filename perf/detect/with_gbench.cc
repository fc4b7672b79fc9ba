// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels as Google Benchmark measures them.
#include <benchmark/benchmark.h>

#include "perf/detect/work.h"

static void run(benchmark::State &state, const struct kernel_work *work)
{
    size_t units = detect_units();
    void *own = work->open();

    if (!own) {
        state.SkipWithError("no memory");
        return;
    }
    for (auto _ : state)
        work->run(own, units);
    work->close(own);
}

int main(int argc, char **argv)
{
    size_t n;
    const struct kernel_work *const *work = detect_works(&n);

    for (size_t i = 0; i < n; i++)
        benchmark::RegisterBenchmark(work[i]->name, run, work[i]);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
