#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fixtures of programs under several workers: those of a session stand once,
# those of a worker once in each, and all are torn down whatever happens.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/processes.sh"
plan 59
cp "$builddir/tests/cli/test_subject" subject
ASAN_OPTIONS=handle_segv=0:handle_abort=0:${ASAN_OPTIONS:-}
TARE_DEBUGGER=
TEST_FIXTURE=$PWD/fixture TEST_NOTES=$PWD/notes
export ASAN_OPTIONS TARE_DEBUGGER TEST_FIXTURE TEST_NOTES

run() {
    rm -f fixture
    "$TARE" test --progress none --oversubscribe "$@"
}
count() { test "$(grep -c "$1" fixture)" = "$2"; }
balanced() { # what was set up was torn down, the session last
    test "$(grep -c up fixture)" = "$(grep -c down fixture)" &&
        test "$(tail -n 1 fixture)" = 'session down session'
}

balanced_session() {
    count 'session up' 1 && count 'session down' 1
}

for n in 1 2 4; do
    ok "$n workers" run -n $n -m session --repeat 10 subject
    has 'all pass' out '^40 passed, 0 failed, 0 skipped$'
    ok 'one session' count 'session up' 1
    ok 'a fixture a worker' test "$(grep 'worker up' fixture | sort |
        uniq -d | wc -l)" = 0
    ok 'all torn down' balanced
done
ok 'its time is kept' "$TARE" history 'fixture:subject/dataset*'
has 'of set-up' out 'fixture:subject/dataset/setup'
has 'and tear-down' out 'fixture:subject/dataset/teardown'

TEST_SESSION_FAILS=1 exits 'it fails' 1 run -n 2 -m session subject
last() { tail -n 1 out >last; }
last
has 'and all who need it' last '^0 passed, 4 failed, 0 skipped$'
has 'with its message' out "fixture 'dataset' failed: the disk is full"
ok 'tried once' count 'session up' 1

TEST_SESSION_CRASHES=1 exits 'a test crashes' 1 run -n 2 -m session \
    --isolation worker subject
last
has 'alone' last '^3 passed, 1 failed, 0 skipped$'
ok 'the session stands' count 'session up' 1
has 'and is torn down' fixture '^session down'

TEST_SESSION_CRASHES=1 exits 'the run stops early' 1 run -n 1 -x -m session \
    subject
ok 'all torn down then' balanced

# Once in a run, whatever else goes on.
cp subject other
ok 'two programs' run -n 4 -m session subject other
ok 'each has its own' count 'session up' 2
ok 'and ends it' count 'session down' 2
for how in '--isolation worker' '--isolation ns' '--dist loadfile' \
    '--dist worksteal' '--shard 1/2' '--order random --repeat 3'; do
    # shellcheck disable=SC2086 # words
    ok "with $how" run -n 3 -m session $how subject
    ok 'one session' count 'session up' 1
done
for how in process worker; do
    TEST_SESSION_CRASHES=1 exits "crashes are tried again, $how" 1 run -n 2 \
        -m session --retries 2 --isolation $how subject
    ok 'one session' count 'session up' 1
    ok 'is torn down' balanced_session
done

# A set-up that crashes takes only itself along.
exits 'one crashes after another' 1 run -n 1 -m 'session or sinks' subject
last
has 'whose tests pass' last '^4 passed, 1 failed, 0 skipped$'
has 'that it stays is said' out \
    "^error .*fixture 'dataset' is not torn down: its process ended before"
ok 'one session' count 'session up' 1
exits 'one crashes before another' 1 run -n 1 -k '*sinks' -k '*reads*' \
    --order given subject
last
has 'whose tests pass' last '^4 passed, 1 failed, 0 skipped$'
ok 'and which is torn down' balanced_session

# One worker's process starts while the session is set up.
TEST_SESSION_INTERRUPTS=1 exits 'interrupted while workers start' 130 run -n 2 \
    -m session subject
ok 'the session is torn down' balanced

TEST_SESSION_HANGS=1
export TEST_SESSION_HANGS
ended_by KILL fixture test -m session --progress none subject
ok 'a killed tare leaves no keeper' nobody './subject *'
