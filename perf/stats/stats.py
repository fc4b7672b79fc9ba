# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of stats.c in SciPy, one line "task nanoseconds" for each."""
import time

import numpy as np
from scipy import stats
from scipy.stats import mstats


def value(i):
    v = np.sin(i * 12.9898) * 43758.5453
    return 100 + v - np.floor(v)


x = value(np.arange(1000.0))
y = value(np.arange(1000.0, 2000.0)) + 0.1


def differences():
    d = np.sort(np.subtract.outer(y, x), axis=None)
    return np.median(d), d[475000], d[525000]


def task(name, times, work):
    begin = time.perf_counter_ns()
    for _ in range(times):
        work()
    print(name, (time.perf_counter_ns() - begin) // times)


task("mann-whitney-20", 100,
     lambda: stats.mannwhitneyu(y[:20], x[:20], method="exact"))
task("signed-rank-20", 100,
     lambda: stats.wilcoxon(x[:20] - 100.4, mode="exact"))
task("shift-1000", 2, differences)
task("bca-30", 3,
     lambda: stats.bootstrap((x[:30],), np.mean, n_resamples=2000,
                             method="BCa"))
task("theil-sen-200", 20, lambda: stats.theilslopes(x[:200]))
task("harrell-davis-500", 20, lambda: mstats.hdquantiles(x[:500], [0.9]))
