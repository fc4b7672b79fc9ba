// SPDX-License-Identifier: GPL-3.0-or-later
// What the measuring loop itself costs: TARE_LOOP beside the range-for loop of
// Google Benchmark around the same bodies, in one process, in blocks of four
// samples in ABBA or BAAB order.  Prints ns an iteration and their ratio.
//
//     perf/loop [BLOCKS [SAMPLE_MS]]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <sched.h>

#include "perf/loop_tare.h"

namespace
{

const double goal = 1.05;
const unsigned seed = 18;

__attribute__((noinline)) uint64_t called(uint64_t x)
{
    return TARE_OPAQUE(x);
}

uint64_t table[1024];

// A body and its two loops.  Only the loop differs: what keeps the compiler
// from dropping the work is the same in both.
#define BODY(name, setup, ...)                  \
    void tare_##name(struct tare *b)            \
    {                                           \
        setup;                                  \
        TARE_LOOP(b) {                          \
            __VA_ARGS__;                        \
        }                                       \
    }                                           \
    void google_##name(benchmark::State &state) \
    {                                           \
        setup;                                  \
        for (auto _ : state) {                  \
            (void)_;                            \
            __VA_ARGS__;                        \
        }                                       \
    }

BODY(nothing, , __asm__ volatile(""))
BODY(multiply_add, uint64_t x = 1, x = x * 5 + 1; TARE_USE(x))
BODY(call, uint64_t x = 1, x = called(x); TARE_USE(x))
BODY(memory, uint64_t i = 0, table[i++ & 1023]++; TARE_CLOBBER())
BODY(divide, double x = 1e300, x = x / 1.0000001; TARE_USE(x))

const struct body {
    const char *name;
    void (*tare)(struct tare *);
    void (*google)(benchmark::State &);
} bodies[] = {
    {"nothing", tare_nothing, google_nothing},
    {"multiply_add", tare_multiply_add, google_multiply_add},
    {"call", tare_call, google_call},
    {"memory", tare_memory, google_memory},
    {"divide", tare_divide, google_divide},
};

// Keeps the time of the one run that is reported to it.
class keeper : public benchmark::BenchmarkReporter
{
  public:
    double ns = 0;

    bool ReportContext(const Context &) override
    {
        return true;
    }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs)
            ns = run.real_accumulated_time * 1e9 /
                 static_cast<double>(run.iterations);
    }
};

double google_ns(const body &body)
{
    keeper reporter;

    benchmark::RunSpecifiedBenchmarks(&reporter, std::string("^") + body.name +
                                                     "/iterations");
    return reporter.ns;
}

// The count whose sample takes about target_ns: from the quickest of a few
// tries, because others can only make a try longer.
uint64_t calibrate(const body &body, double target_ns)
{
    uint64_t n = 500;
    double ns;

    do {
        n *= 2;
        ns = loop_tare_ns(body.tare, n);
        for (int i = 0; i < 2; i++)
            ns = std::min(ns, loop_tare_ns(body.tare, n));
    } while (ns * static_cast<double>(n) < target_ns / 2);
    return std::max<uint64_t>(1, static_cast<uint64_t>(target_ns / ns));
}

double median(std::vector<double> x)
{
    std::sort(x.begin(), x.end());
    return 0.5 * (x[(x.size() - 1) / 2] + x[x.size() / 2]);
}

// One block: log ratio tare/google, free of order and linear drift.
double block(const body &body, uint64_t n, bool tare_outside,
             std::vector<double> &tare, std::vector<double> &google)
{
    double logs[2] = {0, 0};

    for (int i = 0; i < 4; i++) {
        bool outside = i == 0 || i == 3;
        bool is_tare = outside == tare_outside;
        double ns = is_tare ? loop_tare_ns(body.tare, n) : google_ns(body);

        (is_tare ? tare : google).push_back(ns);
        logs[is_tare ? 0 : 1] += std::log(ns);
    }
    return (logs[0] - logs[1]) / 2;
}

void stay_on_one_cpu()
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    sched_setaffinity(0, sizeof set, &set);
}

bool compare(const body &body, uint64_t n, int blocks, std::mt19937 &random)
{
    std::vector<double> tare, google, ratios;

    for (int i = 0; i < blocks; i++)
        ratios.push_back(std::exp(block(body, n, random() & 1, tare, google)));
    std::sort(ratios.begin(), ratios.end());
    const double ratio = median(ratios);
    std::printf("%-14s %10.3f %10.3f %8.3f   [%.3f, %.3f]\n", body.name,
                median(tare), median(google), ratio, ratios[ratios.size() / 4],
                ratios[ratios.size() * 3 / 4]);
    return ratio <= goal;
}

} // namespace

int main(int argc, char **argv)
{
    const int blocks = argc > 1 ? std::max(1, std::atoi(argv[1])) : 40;
    const double target_ns =
        (argc > 2 ? std::max(1, std::atoi(argv[2])) : 2) * 1e6;
    std::map<const body *, uint64_t> iterations;
    std::mt19937 random(seed);
    bool met = true;

    stay_on_one_cpu();
    for (const body &body : bodies) {
        iterations[&body] = calibrate(body, target_ns);
        benchmark::RegisterBenchmark(body.name, body.google)
            ->Iterations(static_cast<int64_t>(iterations[&body]));
    }
    std::printf("%d blocks of 4 samples of %.0f ms, seed %u, on CPU %d\n",
                blocks, target_ns / 1e6, seed, sched_getcpu());
    std::printf("%-14s %10s %10s %8s   %s\n", "body", "tare ns", "google ns",
                "ratio", "quartiles");
    for (const body &body : bodies)
        met = compare(body, iterations[&body], blocks, random) && met;
    std::printf("goal, ratio at most %.2f: %s\n", goal, met ? "met" : "missed");
    return 0;
}
