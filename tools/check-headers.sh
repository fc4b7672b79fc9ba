#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every header compiles alone, and tare.h also as C11 and C++.  Not so the
# tables in tests/reference: the test that includes one declares its types.
# Usage: CC=... CXX=... CPPFLAGS=... check-headers.sh [ROOT [BUILD]]
. "$(dirname "$0")/files.sh"

# compiles HEADER LANGUAGE STANDARD COMPILER...
compiles() {
    header=$1 language=$2 standard=$3
    shift 3
    echo "#include \"$header\"" |
        "$@" -I. -I"$build" "-std=$standard" -Wall -Wextra -Werror \
            -fsyntax-only \
            -x "$language" - >"$findings.out" 2>&1 && return
    echo "$header:1: does not compile alone as $standard"
    sed 's/^/    /' "$findings.out"
}

# shellcheck disable=SC2086 # CC and CPPFLAGS are lists of words
{
    for header in $(files '\.h$' | grep -Ev '^(perf|tests/reference)/'); do
        compiles "$header" c gnu11 ${CC:-cc} ${CPPFLAGS:-}
    done
    if [ -e bench/tare.h ]; then
        compiles bench/tare.h c c11 ${CC:-cc}
        compiles bench/tare.h c++ gnu++17 ${CXX:-c++}
        compiles bench/tare.h c++ c++20 ${CXX:-c++}
    fi
} >"$findings"
rm -f "$findings.out"
cat "$findings"
[ ! -s "$findings" ]
