# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle of stats/means.h, student.h, nonparametric.h, harrell_davis.h,
# bootstrap.h and scaling.h:
#     Rscript parametric.R > parametric.h
suppressMessages({library(Hmisc); library(boot)})
source("common.R")
header("parametric.R", c("Hmisc", "boot"))

set.seed(2718)
cat("\n")
count <- 0
emit <- function(v) {
    count <<- count + 1
    name <- paste0("par_x", count)
    doubles(name, v)
    name
}

# Means.  Fieller's limits as roots of Welch's statistic at fixed df, found by
# bisection, not by the quadratic.
fieller <- function(x, y, conf) {
    va <- var(x) / length(x)
    vb <- var(y) / length(y)
    r <- mean(y) / mean(x)
    df <- (vb + r^2 * va)^2 /
        (vb^2 / (length(y) - 1) + r^4 * va^2 / (length(x) - 1))
    t <- qt((1 + conf) / 2, df)
    f <- function(q) (mean(y) - q * mean(x)) / sqrt(vb + q^2 * va)
    c(uniroot(function(q) f(q) - t, c(r - 2, r), tol = 1e-15)$root,
      uniroot(function(q) f(q) + t, c(r, r + 2), tol = 1e-15)$root, df)
}
lines <- character()
for (s in list(c(5, 5), c(8, 20), c(30, 12), c(2, 3))) {
    x <- round(rnorm(s[1], 10, 1), 5)
    y <- round(rnorm(s[2], 10.5, 2), 5)
    w <- t.test(y, x)
    low <- t.test(y, x, mu = -1, alternative = "greater")$p.value
    high <- t.test(y, x, mu = 1, alternative = "less")$p.value
    f <- fieller(x, y, 0.8)
    lines <- c(lines, row_of(emit(x), s[1], emit(y), s[2], w$statistic,
                             w$parameter, w$p.value,
                             t.test(y, x, alternative = "greater")$p.value,
                             w$conf.int[1], w$conf.int[2], max(low, high),
                             f[1], f[2], f[3]))
}
rows("means_case", "means_cases", lines)

# Noncentral t and power.
g <- expand.grid(t = c(-3, -0.5, 0, 0.7, 2, 6, 15), df = c(1, 4.5, 18, 200),
                 ncp = c(-4, -1, 0, 0.5, 2.236, 8, 30))
g$p <- suppressWarnings(pt(g$t, g$df, g$ncp))
rows("student_case", "student_cases",
     apply(g, 1, function(r) row_of(r[1], r[2], r[3], r[4])))
lines <- character()
for (n in c(3, 10, 40)) for (d in c(0.2, 1, 2)) for (s in 1:2) {
    kind <- c("one.sided", "two.sided")[s]
    lines <- c(lines, row_of(
        n, d, s,
        power.t.test(n, d, 1, 0.05, alternative = kind)$power,
        power.t.test(n, d, 1, 0.05, alternative = kind,
                     type = "paired")$power))
}
rows("power_case", "power_cases", lines)
cat("static const double student_n_two_sample = ",
    num(power.t.test(NULL, 0.8, 1, 0.05, 0.9, tol = 1e-12)$n), ";\n", sep = "")
cat("static const double student_effect_n10 = ",
    num(power.t.test(10, NULL, 1, 0.05, 0.8, tol = 1e-12)$delta), ";\n",
    sep = "")

# Kolmogorov-Smirnov, Cliff's delta, Spearman.
lines <- character()
for (i in 1:6) {
    n <- c(5, 8, 20, 40, 6, 120)[i]
    m <- c(5, 3, 25, 30, 9, 150)[i]
    x <- rnorm(n)
    y <- rnorm(m, 0.5)
    digits <- if (i %in% c(2, 3)) 1 else 6
    x <- round(x, digits)
    y <- round(y, digits)
    k <- suppressWarnings(ks.test(x, y, exact = n * m <= 10000))
    lines <- c(lines, row_of(emit(x), n, emit(y), m, k$statistic, k$p.value,
                             mean(sign(outer(y, x, "-")))))
}
rows("ks_case", "ks_cases", lines)
lines <- character()
for (i in 1:4) {
    n <- c(4, 10, 25, 60)[i]
    x <- round(rnorm(n), if (i == 3) 1 else 5)
    y <- round(x + rnorm(n), if (i == 3) 1 else 5)
    s <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))
    lines <- c(lines, row_of(emit(x), emit(y), n, s$estimate, s$p.value))
}
rows("spearman_case", "spearman_cases", lines)

# Harrell-Davis.
x <- round(rgamma(600, 3), 5)
name <- emit(x)
lines <- character()
for (n in c(12, 60, 600)) for (p in c(0.1, 0.5, 0.9, 0.99))
    lines <- c(lines, row_of(name, n, p, hdquantile(x[1:n], p)))
rows("quantile_case", "quantile_cases", lines)

# Bootstrap: accelerations by the jackknife, interval ends with the Monte Carlo
# error of one end over repetitions of our size.
x <- round(rexp(25), 5)
name <- emit(x)
cat("static const size_t boot_n = 25;\n")
cat("static const double *const boot_x = ", name, ";\n", sep = "")
acceleration <- function(f) {
    l <- empinf(data = x, statistic = f, type = "jack", stype = "i")
    l <- l - mean(l) # Efron and Tibshirani (14.15); empinf leaves the bias in
    sum(l^3) / (6 * sum(l^2)^1.5)
}
mean_of <- function(d, i) mean(d[i])
sd_of <- function(d, i) sd(d[i])
cat("static const double boot_acceleration_mean = ",
    num(acceleration(mean_of)), ", boot_acceleration_sd = ",
    num(acceleration(sd_of)), ";\n", sep = "")
ends <- function(r, f) replicate(20, f(r))
bca <- ends(5000, function(r) boot.ci(boot(x, mean_of, r), 0.9,
                                      type = "bca")$bca[4:5])
student <- ends(5000, function(r) boot.ci(
    boot(x, function(d, i) c(mean(d[i]), var(d[i]) / length(i)), r), 0.9,
    type = "stud")$student[4:5])
show <- function(name, e) {
    cat("static const double ", name, "[] = {",
        paste(num(c(rowMeans(e), apply(e, 1, sd))), collapse = ", "), "};\n",
        sep = "")
}
show("boot_bca", bca)
show("boot_t", student)

# Universal Scalability Law.
n <- c(1, 2, 4, 8, 12, 16, 24, 32, 48, 64)
c0 <- signif(1000 * n / (1 + 0.03 * (n - 1) + 4e-4 * n * (n - 1)) *
             exp(rnorm(10, 0, 0.01)), 8)
u <- nls(c0 ~ g * n / (1 + s * (n - 1) + k * n * (n - 1)),
         start = list(g = 1000, s = 0.05, k = 1e-3),
         control = nls.control(tol = 1e-7, maxiter = 500))
a <- nls(c0 ~ g * n / (1 + s * (n - 1)), start = list(g = 1000, s = 0.05),
         control = nls.control(tol = 1e-7, maxiter = 500))
l <- lm(c0 ~ 0 + n)
doubles("usl_n", n)
doubles("usl_c", c0)
doubles("usl_want", c(coef(u), sqrt(diag(vcov(u))), sum(resid(u)^2)))
doubles("amdahl_want", c(coef(a), sqrt(diag(vcov(a))), sum(resid(a)^2)))
doubles("linear_want", c(coef(l), sqrt(diag(vcov(l))), sum(resid(l)^2)))
