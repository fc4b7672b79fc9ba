#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No call of a function listed in banned.txt; comments and strings do not
# count.  Usage: check-banned.sh [ROOT]
. "$(dirname "$0")/files.sh"

files '\.[ch]$' | xargs awk -f "$here/strip.awk" /dev/null |
    awk -v table="$here/banned.txt" '
BEGIN {
    while ((getline line < table) > 0) {
        if (line ~ /^#/ || split(line, f, " ") < 3)
            continue
        where[f[1]] = "," f[2] ","
        sub(/^[^ ]+ +[^ ]+ +/, "", line)
        instead[f[1]] = line
    }
}
{
    code = $0
    file = code
    sub(/:.*/, "", file)
    folder = file
    sub("/.*", "", folder)
    line = substr(code, length(file) + 2)
    sub(/:.*/, "", line)
    code = " " substr(code, length(file) + length(line) + 3)
    while (match(code, /[^A-Za-z0-9_.>][A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        name = substr(code, RSTART + 1, RLENGTH - 2)
        sub(/[ \t]+$/, "", name)
        if (name in where && index(where[name], "," folder ",") == 0)
            print file ":" line ": " name "(): use " instead[name]
        code = substr(code, RSTART + RLENGTH - 1)
    }
}' >"$findings"
finish
