#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What makes the verdict of `make check` worth something, as `tare test` gives
# it: tests that fail, crash, hang, leak, skip or are lost are reported as such.
# Runs before everything else, and not under `tare test`.
. "$srcdir/tests/tap.sh"
plan 23
cp "$builddir/tests/cli/test_subject" subject
ASAN_OPTIONS=handle_segv=0:handle_abort=0:${ASAN_OPTIONS:-}
TARE_DEBUGGER= TEST_NOTES=$PWD/notes
export ASAN_OPTIONS TARE_DEBUGGER TEST_NOTES

test_one() { # NAME OPTION...
    name=$1
    shift
    rm -f notes
    "$TARE" test --progress none "$@" -k "subject/$name" subject
}
ends() { # the last line, and nothing else on it
    has "$1" last "^$2\$"
}
judge() { # 'what' STATUS NAME 'last line' 'line of the report' [OPTION...]
    what=$1 status=$2 name=$3 last=$4 line=$5
    shift 5
    exits "$what" "$status" test_one "$name" "$@"
    tail -n 1 out >last
    ends "$what: counted" "$last"
    [ -z "$line" ] || has "$what: named" out "$line"
}

judge 'passing' 0 'passes[[]n=1]' '1 passed, 0 failed, 0 skipped' ''
judge 'failing' 1 fails '0 passed, 1 failed, 0 skipped' \
    '^failed subject/fails'
judge 'crashing' 1 crashes '0 passed, 1 failed, 0 skipped' \
    '^crashed subject/crashes'
judge 'hanging' 1 hangs '0 passed, 1 failed, 0 skipped' \
    '^timeout subject/hangs' --timeout 100ms
judge 'leaking' 1 leaves_a_child '0 passed, 1 failed, 0 skipped' \
    '^leaked subject/leaves_a_child'
judge 'skipping' 0 skips '0 passed, 0 failed, 1 skipped' ''

cat >tare.yaml <<EOF
tare: 1
commands:
  - {name: good, kind: test, run: [sh, -c, 'exit 0']}
  - {name: bad, kind: test, run: [sh, -c, 'exit 1']}
EOF
exits 'commands' 1 "$TARE" test --progress none
tail -n 1 out >last
ends 'are counted' '1 passed, 1 failed, 0 skipped'
has 'and named' out '^failed bad'

rm -f notes tare.yaml
exits 'all at a time' 1 "$TARE" test --progress none -m 'good or bad' subject
tail -n 1 out >last
ends 'none is lost' '6 passed, 4 failed, 1 skipped'
ok 'each ran once, by its own account' \
    test "$(sort notes | cut -d' ' -f1 | uniq | wc -l)-$(wc -l <notes)" = 11-11
exits 'a program that is gone is no success' 2 "$TARE" test --progress none gone
[ "$failed" -eq 0 ]
