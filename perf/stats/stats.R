# SPDX-License-Identifier: GPL-3.0-or-later
# The work of stats.c in R, one line "task nanoseconds" for each.
value <- function(i) {
    v <- sin(i * 12.9898) * 43758.5453
    100 + v - floor(v)
}
x <- value(0:999)
y <- value(1000:1999) + 0.1
task <- function(name, times, f) {
    begin <- proc.time()[[3]]
    for (i in seq_len(times)) f()
    cat(name, " ", sprintf("%.0f", 1e9 * (proc.time()[[3]] - begin) / times),
        "\n", sep = "")
}
task("mann-whitney-20", 200, function()
    wilcox.test(y[1:20], x[1:20], exact = TRUE, conf.int = TRUE))
task("signed-rank-20", 200, function()
    wilcox.test(x[1:20], mu = 100.4, exact = TRUE, conf.int = TRUE))
task("shift-1000", 2, function() {
    d <- sort(outer(y, x, "-"))
    c(median(d), d[c(475000, 525000)])
})
if (requireNamespace("boot", quietly = TRUE))
    task("bca-30", 5, function()
        boot::boot.ci(boot::boot(x[1:30], function(d, i) mean(d[i]), 2000),
                      type = "bca"))
task("theil-sen-200", 20, function() {
    d <- outer(x[1:200], x[1:200], "-") / outer(1:200, 1:200, "-")
    median(d[lower.tri(d)])
})
if (requireNamespace("Hmisc", quietly = TRUE))
    task("harrell-davis-500", 50, function()
        Hmisc::hdquantile(x[1:500], 0.9))
