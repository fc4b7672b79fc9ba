#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Functions of the product stay within 60 lines and a complexity of 15, files
# within 600 lines.  A function that is better long says so just above itself:
#     /* lint: size: REASON */
# Such waivers are counted.  The one public header is one file at any length.
# Usage: check-size.sh [ROOT]
. "$(dirname "$0")/files.sh"
max_lines=60 max_complexity=15 max_file=600

command -v pmccabe >/dev/null 2>&1 || {
    echo "pmccabe is not installed"
    exit 77
}
sources=$(files '\.c$' | grep -Ev '^(tests|perf|examples)/')
files '\.[ch]$' | grep -Ev '^(tests/|bench/tare\.h$)' | xargs wc -l /dev/null |
    awk -v max=$max_file '$2 != "total" && $1 > max {
        print $2 ":1: " $1 " lines, over " max
    }' >"$findings"
# pmccabe: modified complexity, complexity, statements, first line, lines,
# file(line): function
printf '%s\n' "$sources" | xargs pmccabe /dev/null 2>/dev/null |
    awk -v lines=$max_lines -v complexity=$max_complexity '
$1 > complexity || $5 > lines {
    file = $6
    sub(/\(.*/, "", file)
    printf "%s %d %s: %d lines, complexity %d\n", file, $4, $7, $5, $1
}' | while read -r file line rest; do
    from=$((line > 6 ? line - 6 : 1))
    if sed -n "${from},${line}p" "$file" | grep -q 'lint: size: [a-z]'; then
        echo "waived $file:$line: $rest" >&2
    else
        echo "$file:$line: $rest"
    fi
done >>"$findings"
finish
