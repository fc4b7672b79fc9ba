# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle of stats/signed_rank.h and stats/mann_whitney.h:
#     Rscript rank.R > rank.h
suppressMessages(suppressWarnings(library(exactRankTests)))
source("common.R")
header("rank.R", "exactRankTests")

set.seed(20261122)
one <- list(round(rnorm(5, 1), 6), round(rnorm(6, 0.5), 6),
            round(rnorm(9, 0.3), 6), round(rt(16, 3) + 0.4, 6),
            round(rt(25, 3), 6), round(rexp(40) - 1, 6),
            round(rnorm(48, 0.1), 6))
one_ties <- list(c(1, 1, 2, -1, 3, 3, -2, 4), round(rnorm(12, 0.5), 1),
                 round(rnorm(30, 0.2), 1), c(0, 0, 1, 2, 3, -1, 5),
                 rep(0.25, 9), c(-1, 1, -1, 1, 2))
one_large <- list(round(rnorm(230, 0.1), 5), round(rnorm(260, 0.1), 1))

two <- list(list(round(rnorm(5), 6), round(rnorm(5, 1), 6)),
            list(round(rnorm(4), 6), round(rnorm(9, 1), 6)),
            list(round(rnorm(12), 6), round(rnorm(7, -1), 6)),
            list(round(rt(20, 3), 6), round(rt(20, 3) + 0.3, 6)),
            list(round(rnorm(28), 6), round(rnorm(28, 0.2), 6)),
            list(round(rnorm(6), 6), round(rnorm(40, 3), 6)))
two_ties <- list(list(round(rnorm(8), 1), round(rnorm(8, 0.5), 1)),
                 list(round(rnorm(5), 0), round(rnorm(11, 0.5), 0)),
                 list(c(1, 1, 1, 1), c(1, 1, 1, 1, 2)),
                 list(round(rnorm(25), 1), round(rnorm(25, 0.3), 1)),
                 list(round(rnorm(10), 1), round(rnorm(30, 0.3), 1)))
two_large <- list(list(round(rnorm(40), 5), round(rnorm(35, 0.3), 5)),
                  list(round(rnorm(60), 1), round(rnorm(80, 0.2), 1)))

cat("\n")
n <- c(1:12, 16, 20, 25, 30, 50, 75, 100, 150, 200)
q <- lapply(n, function(k) unique(round(k * (k + 1) / 2 *
                                        c(0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8))))
rows("null_case", "signed_rank_null",
     unlist(Map(function(k, t) vapply(t, function(u)
         row_of(k, 0, u, psignrank(u, k)), ""), n, q)))
nm <- rbind(c(1, 1), c(1, 7), c(2, 3), c(3, 3), c(4, 4), c(5, 5), c(5, 9),
            c(8, 8), c(10, 10), c(9, 20), c(20, 20), c(3, 50), c(28, 28),
            c(16, 40))
rows("null_case", "mann_whitney_null",
     unlist(apply(nm, 1, function(r) vapply(
         unique(round(prod(r) * c(0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8))),
         function(u) row_of(r[1], r[2], u, pwilcox(u, r[1], r[2])), ""))))

count <- 0
vectors <- character()
emit <- function(v) {
    count <<- count + 1
    name <- paste0("rank_x", count)
    doubles(name, v)
    name
}
tails <- function(test) c(test("less"), test("greater"))
interval <- function(test, conf) {
    t <- test(conf)
    c(unname(t$estimate), t$conf.int[1:2], attr(t$conf.int, "conf.level"))
}

lines <- character()
add <- function(x, y, p, ci)
    lines <<- c(lines, row_of(emit(x), length(x),
                              if (is.null(y)) "NULL" else emit(y), length(y),
                              p[1], p[2], ci[1], ci[2], ci[3]))
none <- rep(NA, 3)
for (x in one) {
    p <- tails(function(a) wilcox.test(x, alternative = a, exact = TRUE)$p.value)
    w <- wilcox.test(x, conf.int = TRUE, conf.level = 0.9, exact = TRUE)
    add(x, NULL, p, c(w$estimate, w$conf.int))
}
for (x in one_ties) {
    p <- tails(function(a)
        suppressWarnings(wilcox.exact(x, alternative = a, exact = TRUE))$p.value)
    add(x, NULL, p, none)
}
for (x in one_large) {
    p <- tails(function(a)
        wilcox.test(x, alternative = a, exact = FALSE, correct = TRUE)$p.value)
    add(x, NULL, p, none)
}
rows("rank_case", "signed_rank_cases", lines)

lines <- character()
for (d in two) {
    x <- d[[1]]; y <- d[[2]]
    p <- tails(function(a)
        wilcox.test(y, x, alternative = a, exact = TRUE)$p.value)
    w <- wilcox.test(y, x, conf.int = TRUE, conf.level = 0.95, exact = TRUE)
    add(x, y, p, c(w$estimate, w$conf.int))
}
for (d in two_ties) {
    x <- d[[1]]; y <- d[[2]]
    p <- tails(function(a)
        wilcox.exact(y, x, alternative = a, exact = TRUE)$p.value)
    add(x, y, p, none)
}
for (d in two_large) {
    x <- d[[1]]; y <- d[[2]]
    p <- tails(function(a) wilcox.test(y, x, alternative = a, exact = FALSE,
                                       correct = TRUE)$p.value)
    add(x, y, p, none)
}
rows("rank_case", "mann_whitney_cases", lines)

p <- c(round(runif(14)^3, 8), 0.01, 0.01, 1, NA)
doubles("adjust_p", p)
for (m in c("holm", "BH", "BY"))
    doubles(paste0("adjust_", tolower(m)), p.adjust(p, m))
