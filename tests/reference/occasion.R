# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle of stats/occasion.h and of family_mean() in stats/family.h:
#     Rscript occasion.R > occasion.h
suppressMessages(library(limma))
source("common.R")
header("occasion.R", "limma")

set.seed(99)
cat("\n")
spread <- function(name, df, scale) {
    v <- signif(scale * rchisq(length(df), df) / df, 8)
    s <- squeezeVar(v, df)
    doubles(paste0(name, "_variance"), v)
    doubles(paste0(name, "_df"), df)
    doubles(paste0(name, "_moderated"), s$var.post)
    cat("static const struct prior_case ", name, "_prior = ",
        row_of(s$var.prior, s$df.prior), ";\n", sep = "")
}
spread("apart", rep(c(2, 3, 5, 9), 5), exp(rnorm(20)))
spread("alike", rep(4, 12), 1)
ratio <- round(exp(rnorm(9, 0.01, 0.02)), 6)
doubles("mean_ratio", ratio)
t <- t.test(log(ratio), conf.level = 0.98)
cat("static const double mean_want[] = {",
    paste(num(exp(c(t$estimate, t$conf.int))), collapse = ", "), "};\n",
    sep = "")
