# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle of energy_statistic() in stats/energy.h and of stats/trend.h:
#     Rscript history.R > history.h
suppressMessages(library(energy))
source("common.R")
header("history.R", "energy")

set.seed(31)
cat("\n")
lines <- character()
sizes <- list(c(1, 1), c(2, 5), c(10, 10), c(30, 7))
for (i in seq_along(sizes)) {
    x <- round(rnorm(sizes[[i]][1]), 4)
    y <- round(rnorm(sizes[[i]][2], 0.5, 2), 4)
    doubles(paste0("energy_x", i), x)
    doubles(paste0("energy_y", i), y)
    e <- eqdist.e(c(x, y), sizes[[i]])
    lines <- c(lines, row_of(paste0("energy_x", i), length(x),
                             paste0("energy_y", i), length(y), e))
}
rows("energy_case", "energy_cases", lines)

# Without ties in time, Kendall's tau with the tie-corrected normal p-value and
# the continuity correction is the Mann-Kendall test.
lines <- character()
series <- list(round(rnorm(12), 3), round(0.1 * (1:30) + rnorm(30), 3),
               round(rnorm(40), 0), c(5, 3), -(1:8) + round(rnorm(8), 2))
for (i in seq_along(series)) {
    x <- series[[i]]
    t <- cumsum(sample(1:4, length(x), TRUE))
    d <- outer(x, x, function(a, b) b - a)[upper.tri(diag(length(x)))]
    u <- outer(t, t, function(a, b) b - a)[upper.tri(diag(length(x)))]
    s <- sum(sign(d))
    slope <- median(d / u)
    k <- suppressWarnings(cor.test(t, x, method = "kendall", exact = FALSE,
                                   continuity = TRUE))
    doubles(paste0("trend_t", i), t)
    doubles(paste0("trend_x", i), x)
    lines <- c(lines, row_of(paste0("trend_t", i), paste0("trend_x", i),
                             length(x), s, k$p.value, slope,
                             median(x - slope * t)))
}
rows("trend_case", "trend_cases", lines)
