#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Includes go down the layers of layers.txt only, and each library's header is
# met in one folder.  Examples may include what lies beside them, as programs
# of users do.  Usage: check-layers.sh [ROOT]
. "$(dirname "$0")/files.sh"

files '^[^/]+/.*\.[ch]$' | xargs grep -HnE '^[ \t]*#[ \t]*include' /dev/null |
    awk -v table="$here/layers.txt" '
function allowed(file, what,    dir, i, n, list) {
    for (dir = file; sub("/[^/]*$", "", dir);)
        if (dir in may) {
            if (index(what, dir "/") == 1)
                return 1
            n = split(may[dir], list, " ")
            for (i = 1; i <= n; i++)
                if (what == list[i] || index(what, list[i] "/") == 1)
                    return 1
            return 0
        }
    print file ":1: its folder is not in tools/layers.txt"
    return 1
}
BEGIN {
    while ((getline line < table) > 0) {
        if (line ~ /^#/ || line !~ /:/)
            continue
        key = value = line
        sub(/:.*/, "", key)
        sub(/^[^:]*:[ \t]*/, "", value)
        if (key ~ /^</)
            owner[key] = value
        else
            may[key] = value
    }
}
{
    split($0, part, ":")
    file = part[1]
    place = file ":" part[2] ": "
    what = $0
    sub(/^[^:]*:[^:]*:[ \t]*#[ \t]*include[ \t]*/, "", what)
    if (what ~ /^"/) {
        sub(/^"/, "", what)
        sub(/".*/, "", what)
        if (what == "config.h")
            print place "write #include <config.h>"
        else if (!allowed(file, what) && (what ~ "/" || file !~ /^examples\//))
            print place what " is not in a layer below"
    } else if (what ~ /^</ && file !~ /^(examples|perf|tests)\//) {
        for (key in owner)
            if (index(what, key) == 1 && index(file, owner[key] "/") != 1)
                print place what " belongs to " owner[key] "/"
    }
}' >"$findings"
finish
