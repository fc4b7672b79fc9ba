// SPDX-License-Identifier: GPL-3.0-or-later
// What gbench-*.* were recorded from.
#include <benchmark/benchmark.h>
#include <cstring>
static void BM_Copy(benchmark::State &s) { char a[4096], b[4096]; memset(a,1,sizeof a); for (auto _ : s) { memcpy(b, a, s.range(0)); benchmark::DoNotOptimize(b);} s.SetBytesProcessed(s.iterations()*s.range(0)); s.SetItemsProcessed(s.iterations()); s.SetLabel("lab<el"); s.counters["hits"]=42; s.counters["rate"]=benchmark::Counter(s.iterations(), benchmark::Counter::kIsRate);}
BENCHMARK(BM_Copy)->Arg(64)->Arg(4096);
static void BM_Tiny(benchmark::State &s) { int x=1; for (auto _ : s) { benchmark::DoNotOptimize(x = x*5+1);} }
BENCHMARK(BM_Tiny)->Unit(benchmark::kMillisecond);
template <class A, class B> static void BM_T(benchmark::State &s) { for (auto _ : s) {A a = 1; benchmark::DoNotOptimize(a);} }
BENCHMARK_TEMPLATE(BM_T, int, double)->Threads(2)->UseRealTime();
static void BM_Err(benchmark::State &s) { s.SkipWithError("no device"); for (auto _ : s) {} }
BENCHMARK(BM_Err);
static void BM_Rep(benchmark::State &s) { for (auto _ : s) {int a=1; benchmark::DoNotOptimize(a);} }
BENCHMARK(BM_Rep)->Repetitions(3)->MinTime(0.02);
BENCHMARK_MAIN();
