#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two files of stored numbers, made up: nothing is measured here.
. "$srcdir/tests/tap.sh"
plan 14

# NAME FACTOR ANCHORS: four cases of ten invocations; all times, the first case's
# not, are multiplied, and so are the anchors but for two wild ones.
baseline() {
    awk -v name="$1" -v factor="$2" -v anchors="$3" '
    BEGIN {
        print "tare: baseline/1\nname: " name "\noccasions:"
        print "- created: 2026-11-23T02:42:02Z\n  seed: 1\n  machine_key: ab"
        print "  anchors:"
        printf "    integer: %g\n    memory: %g\n    chase: %g\n", \
            100 * anchors, 4500 * anchors, name == "old" ? 9000 : 14000
        printf "    syscall: %g\n    fork: %g\n", 170 * anchors, \
            name == "old" ? 250000 : 160000
        print "benchmarks:"
        for (c = 0; c < 4; c++) {
            print "- id: p/c" c "\n  program: p\n  metrics:\n    time:"
            print "      unit: ns\n      better: lower\n      samples:"
            for (i = 0; i < 10; i++) {
                x = 1000 * (c + 1) * (c ? factor : 1) * (1 + i * 7 % 10 / 3000)
                printf "%s[%.3f, %.3f, %.3f]\n", \
                    i ? "        - " : "      - - ", x, x * 1.001, x * 1.002
            }
        }
    }' >"$1.yaml"
}
compare() { "$TARE" compare --progress none "$@" old.yaml new.yaml; }

baseline old 1 1
baseline new 1 1
ok 'equal numbers pass' compare
has 'shown equal, whatever two anchors did' out '4 unchanged'

baseline new 1.2 1
exits 'a fifth is found' 1 compare
has 'in all that have it' out '3 of 4 regressed'
has 'with the mean of these cases' out 'mean of 4 cases \+14\.[67]'
ok 'what it had to exceed' sh -c \
    "'$TARE' compare --explain p/c1 old.yaml new.yaml >out; true"
has 'is the floor of 3 x 3 %' out 'beyond \+9\.4[0-9]* %'
exits 'as JSON' 1 compare --format json
has 'the same' out '"bound": 1\.09'

baseline new 1.2 1.18
ok 'no conviction where the machine moved as well' compare
has 'which is said' out 'the machine changed, not only the code'
has 'and what would settle it' out 'the old program can'

baseline new 1.04 1
ok 'four per cent is too little across time' compare
has 'and not called unchanged' out '3 inconclusive, 1 unchanged'
exit $failed
