#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The statistics beside R and SciPy: the three in turn, five rounds, medians and
# ratios.  Usage: stats.sh PROGRAM SOURCE_FOLDER
set -u
program=$1 source=$2
python=${PYTHON:-python3}
runs=$(mktemp) || exit 2
trap 'rm -f "$runs"' EXIT
has_r=$(command -v Rscript) || echo 'R is not installed and left out'
has_scipy=$($python -c 'import scipy' 2>/dev/null && echo yes) ||
    echo 'SciPy is not installed and left out'

for _ in 1 2 3 4 5; do
    "$program" | sed 's/^/tare /'
    [ -z "$has_r" ] || Rscript "$source/stats.R" 2>/dev/null | sed 's/^/r /'
    [ -z "$has_scipy" ] || $python "$source/stats.py" | sed 's/^/scipy /'
done >"$runs"

# Median of five of each; then the times of the others over ours.
sort -k2,2 -k1,1 -k3,3n "$runs" | awk '
    { key = $1 " " $2; n[key]++; value[key, n[key]] = $3; seen[$2] = 1 }
    function middle(key) { return value[key, int((n[key] + 1) / 2)] }
    END {
        printf "%-20s %12s %14s %14s\n", "work", "Tare", "R / Tare", \
            "SciPy / Tare"
        for (task in seen) {
            ours = middle("tare " task)
            line = sprintf("%-20s %9.1f us", task, ours / 1000)
            line = line sprintf(" %14s", ("r " task) in n ? \
                sprintf("%.1f", middle("r " task) / ours) : "-")
            line = line sprintf(" %14s", ("scipy " task) in n ? \
                sprintf("%.1f", middle("scipy " task) / ours) : "-")
            print line | "sort"
        }
    }'
