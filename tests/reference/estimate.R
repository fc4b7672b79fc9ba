# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle of stats/robust.h, stats/components.h and stats/series.h:
#     Rscript estimate.R > estimate.h
suppressMessages(library(robustbase))
source("common.R")
header("estimate.R", "robustbase")

set.seed(4711)
sizes <- list(c(3, 3, 3, 3), c(5, 2, 7, 1, 4), rep(20, 10), c(2, 2, 30))
cat("\n")
lines <- character()
for (i in seq_along(sizes)) {
    group <- rep(seq_along(sizes[[i]]), sizes[[i]])
    effect <- rnorm(length(sizes[[i]]), 0, c(2, 1, 0.5, 0)[i])
    x <- round(100 + effect[group] + rnorm(length(group)), 5)
    a <- anova(aov(x ~ factor(group)))
    ms <- a[["Mean Sq"]]
    n0 <- (length(x) - sum(sizes[[i]]^2) / length(x)) / (length(sizes[[i]]) - 1)
    doubles(paste0("grouped_x", i), x)
    cat("static const size_t grouped_n", i, "[] = {",
        paste(sizes[[i]], collapse = ", "), "};\n", sep = "")
    lines <- c(lines, row_of(paste0("grouped_x", i), paste0("grouped_n", i),
                             length(sizes[[i]]), max(0, (ms[1] - ms[2]) / n0),
                             ms[2], a[["F value"]][1], a[["Pr(>F)"]][1]))
}
rows("grouped_case", "grouped_cases", lines)

lines <- character()
for (n in c(2, 3, 5, 8, 9, 10, 11, 30, 101)) {
    x <- round(rt(n, 3) * 3 + 50, 5)
    doubles(paste0("robust_x", n), x)
    lag <- if (n > 2) acf(x, plot = FALSE)$acf[2] else -0.5
    lines <- c(lines, row_of(paste0("robust_x", n), n, median(x),
                             mad(x, constant = 1 / qnorm(0.75)),
                             Sn(x), Qn(x), lag))
}
rows("robust_case", "robust_cases", lines)
