#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `tare report` shows of a stored run of tests is what the run showed, in
# every form: outcomes, attempts, what was left behind, where a test stands, what
# did not end well.
. "$srcdir/tests/tap.sh"
plan 22
cp "$builddir/tests/cli/test_subject" subject
ASAN_OPTIONS=handle_segv=0:handle_abort=0:${ASAN_OPTIONS:-}
TARE_DEBUGGER= TEST_NOTES=$PWD/notes TEST_ONCE=$PWD/once
export ASAN_OPTIONS TARE_DEBUGGER TEST_NOTES TEST_ONCE

run() {
    rm -f once
    "$TARE" test --progress none -n 2 --oversubscribe --retries 1 --repeat 2 \
        -m 'good or bad or moody or untidy or leak' "$@" subject
}
for form in text json junit tap markdown; do
    exits "$form" 1 run --format $form -o live
    exits 'again from the store' 0 "$TARE" report --format $form -o stored
    same 'is the same' live stored
done
exits 'in detail' 1 run -v -o live
exits 'from the store' 0 "$TARE" report -v -o stored
same 'is the same' live stored
has 'with what was left' stored 'subject/leaves_a_file: it left .* TARE_TMPDIR'
has 'and what was not torn down' stored "^error .*the shelf stays"
exits 'said where the report does not' 1 run -q
has 'too' err "^error: .*the shelf stays"
[ "$failed" -eq 0 ]
