# SPDX-License-Identifier: GPL-3.0-or-later
"""What detect.py needs of statistics, without any package.

`python3 rates.py` compares every function with SciPy, where that is installed.
"""

import math


def _beta_fraction(a, b, x):
    """Lentz's continued fraction of the incomplete beta function (Numerical
    Recipes 6.4; DLMF 8.17.22)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    h = d
    for m in range(1, 400):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + term * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + term / c
            c = c if abs(c) > tiny else tiny
            h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return h


def beta_cdf(a, b, x):
    """Regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_quantile(a, b, p):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if beta_cdf(a, b, middle) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def clopper_pearson(k, n, confidence=0.95):
    """Exact interval of a rate (Clopper and Pearson, Biometrika 26, 1934)."""
    tail = (1 - confidence) / 2
    low = _beta_quantile(k, n - k + 1, tail) if k else 0.0
    high = _beta_quantile(k + 1, n - k, 1 - tail) if k < n else 1.0
    return low, high


def welch_slower(mean_a, var_a, n_a, mean_b, var_b, n_b):
    """One-sided p that b's mean is greater (Welch, Biometrika 34, 1947)."""
    sa, sb = var_a / n_a, var_b / n_b
    if sa + sb <= 0:
        return 0.0 if mean_b > mean_a else 1.0
    t = (mean_b - mean_a) / math.sqrt(sa + sb)
    df = (sa + sb) ** 2 / (sa * sa / (n_a - 1) + sb * sb / (n_b - 1))
    tail = beta_cdf(df / 2, 0.5, df / (df + t * t)) / 2
    return tail if t > 0 else 1 - tail


def mann_whitney_slower(a, b):
    """One-sided exact p that b is stochastically greater (Mann and Whitney,
    Annals of Mathematical Statistics 18, 1947).  A tie counts one half, and
    against b being greater."""
    n, m = len(a), len(b)
    u = math.floor(sum((y > x) + (y == x) / 2 for x in a for y in b))
    # ways[j][s]: choices of j of the ranks so far with statistic s
    ways = [[0] * (n * m + 1) for _ in range(m + 1)]
    ways[0][0] = 1
    for rank in range(n + m):
        for j in range(min(rank + 1, m), 0, -1):
            below = rank - (j - 1)  # of a, when rank is the j-th of b
            if 0 <= below <= n:
                row, before = ways[j], ways[j - 1]
                for s in range(n * m, below - 1, -1):
                    row[s] += before[s - below]
    return sum(ways[m][u:]) / sum(ways[m])


def mean_variance(x):
    mean = sum(x) / len(x)
    return mean, sum((v - mean) ** 2 for v in x) / max(len(x) - 1, 1)


def median(x):
    x = sorted(x)
    n = len(x)
    return math.nan if n == 0 else (x[(n - 1) // 2] + x[n // 2]) / 2


def _check():
    from scipy import stats
    import random

    draw = random.Random(1)
    for _ in range(50):
        a = [draw.gauss(0, 1) for _ in range(draw.randint(2, 12))]
        b = [draw.gauss(0.5, 2) for _ in range(draw.randint(2, 12))]
        got = welch_slower(*mean_variance(a), len(a), *mean_variance(b), len(b))
        want = stats.ttest_ind(b, a, equal_var=False,
                               alternative="greater").pvalue
        assert abs(got - want) < 1e-10, (got, want)
        got = mann_whitney_slower(a, b)
        want = stats.mannwhitneyu(b, a, alternative="greater",
                                  method="exact").pvalue
        assert abs(got - want) < 1e-12, (got, want)
        n = draw.randint(1, 300)
        k = draw.randint(0, n)
        want = stats.binomtest(k, n).proportion_ci(0.95, "exact")
        got = clopper_pearson(k, n)
        assert max(abs(got[0] - want.low), abs(got[1] - want.high)) < 1e-9
    print("equal to SciPy's")


if __name__ == "__main__":
    _check()
