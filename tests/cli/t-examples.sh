#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples run, alone and as a suite: every benchmark's result is checked
# by the program itself, every tag is declared.
. "$srcdir/tests/tap.sh"
plan 19
examples=$builddir/examples

# program NAME CASE: it runs and shows this case
program() {
    if [ -x "$examples/$1" ]; then
        ok "$1 runs" "$examples/$1"
        has "$1 shows $2" out "$2"
    else
        skip "$1" 'its library was not there'
        skip "$1" 'its library was not there'
    fi
}

program hello_bench '^qsort\[n=1000\] '
program libc_bench '^malloc\[live=16,max=64\] '
program gsl_bench '^fft\[n=256\] '
program yaml_bench '^parse .*events'
program sqlite_bench '^insert\[rows=1000\] '
program zlib_bench '^deflate\[level=6\] .*ratio [0-9]'
program zlib_test '^ok [0-9]+ - file_round_trip$'

cp "$examples/tare.yaml" "$examples"/*_bench "$examples"/*_test . 2>/dev/null
[ -x zlib_bench ] || sed -i /zlib_/d tare.yaml
ok 'the suite is right' "$TARE" list
has 'it has the smallest program' out '^hello_bench/integer +benchmark +cpu'
has 'and its tests' out '/round_trip\[level=9,n=100000\] .* unit |^sqlite'
ok 'selected by tag' "$TARE" list -m 'sort and not cpu'
hasnt 'nothing else' out 'memory|parse'
exit $failed
