# SPDX-License-Identifier: GPL-3.0-or-later
# How the generators print: numbers that round-trip, one C array per vector.
num <- function(v) {
    out <- sprintf("%.17g", v)
    out[is.na(v)] <- "NAN"
    out[is.infinite(v) & v > 0] <- "INFINITY"
    out[is.infinite(v) & v < 0] <- "-INFINITY"
    out
}

wrapped <- function(items)
    paste(strwrap(paste(items, collapse = ", "), 76, prefix = "    "),
          collapse = "\n")

header <- function(script, packages = character()) {
    versions <- vapply(packages, function(p)
        paste(p, as.character(packageVersion(p))), "")
    cat("/* SPDX-License-Identifier: GPL-3.0-or-later */\n")
    cat("/* Made by tests/reference/", script, " with ",
        paste(c(R.version.string, versions), collapse = ", "), ". */\n",
        sep = "")
}

doubles <- function(name, v)
    cat("static const double ", name, "[] = {\n", wrapped(num(v)), "};\n",
        sep = "")

# A C initialiser: fields is a list of numbers and of bare strings.
row_of <- function(...) {
    f <- list(...)
    paste0("{", paste(vapply(f, function(v)
        if (is.character(v)) v else num(v), ""), collapse = ", "), "}")
}

rows <- function(type, name, lines)
    cat("static const struct ", type, " ", name, "[] = {\n    ",
        paste(lines, collapse = ",\n    "), ",\n};\n", sep = "")
