#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a suite took is tracked beside its cases: makespan and efficiency,
# resources, time per tag, fixtures; for runs of all of it only.
. "$srcdir/tests/tap.sh"
plan 31
cp "$builddir/tests/cli/test_subject" subject
cp "$builddir/tests/cli/weight_subject" bench
TEST_NOTES=$PWD/notes TARE_DEBUGGER=
export TEST_NOTES TARE_DEBUGGER
export GIT_CEILING_DIRECTORIES="${PWD%/*}"

cat >tare.yaml <<'Y'
tare: 1
suite: shop
commands:
  - {name: first, kind: test, run: ['true'], tags: [quick, all], fixtures: place}
  - {name: second, kind: test, run: ['true'], tags: [quick]}
  - {name: third, kind: test, run: [sleep, '0.01'], tags: [all]}
fixtures:
  place: {scope: worker, setup: 'mkdir place', teardown: 'rmdir place'}
tags: {quick: at once, all: of them}
Y
ok 'a run of all tests' "$TARE" test --progress none -n 1
ok 'another' "$TARE" test --progress none -n 1
ok 'on other workers' "$TARE" test --progress none -n 2 --oversubscribe
ok 'its figures are there' "$TARE" history '@*' --format csv
has 'the makespan' out '@suite\[workers=1\]",makespan,ns,'
has 'of each number of workers' out '@suite\[workers=2\]",makespan,ns,'
has 'the efficiency' out '@suite\[workers=1\]",efficiency,1,'
has 'what they took one after the other' out '@suite",sequential,ns,'
has 'the CPU time' out '@suite",cpu_time,ns,'
has 'the memory' out '@suite",max_rss,B,'
has 'what was read' out '@suite",read_bytes,B,'
has 'and written' out '@suite",write_bytes,B,'
has 'the time of a tag' out '@tag/quick",duration,ns,'
has 'of every tag' out '@tag/all",duration,ns,'
cp out figures
ok 'one run, one point' test "$(grep -c '@suite.workers=1..,makespan' figures)" -eq 2
ok 'all runs count' test "$(grep -c '@tag.all.,duration' figures)" -eq 3
ok 'a part of it' "$TARE" test --progress none -n 1 -m quick
ok 'the figures again' "$TARE" history '@*' --format csv
cp out figures
ok 'know nothing of it' test "$(grep -c '@suite.workers=1..,makespan' figures)" -eq 2
ok 'nor has the tag one more' test "$(grep -c '@tag.quick.,duration' figures)" -eq 3
ok 'the fixture has a history' "$TARE" history 'fixture:*' --format csv
has 'of its set-up' out '^fixture:place/setup,time,ns,'
has 'and its tear-down' out '^fixture:place/teardown,time,ns,'
ok 'the suite is listed with its cases' "$TARE" history
has 'by its makespan' out '^@suite\[workers=1\] +makespan '
hasnt 'tags are not' out '^@tag'

# benchmarks
cat >tare.yaml <<'Y'
tare: 1
suite: benches
programs: [{path: bench}]
commands:
  - {name: nothing, run: ['true'], tags: [quick]}
tags: {quick: at once}
Y
ok 'a run of all benchmarks' "$TARE" run --progress none --budget 20ms -q
ok 'has figures' "$TARE" history '@*' --format csv
has 'the geometric mean' out '@suite",geomean,ns,'
has 'and the total' out '@suite",total,ns,'
ok 'every metric of a case is tracked' "$TARE" history 'bench/body' --metric weight
exit $failed
