#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests that pass, fail, crash, hang, leave processes behind and skip are
# reported as such, and none is lost.  The account kept beside the report is
# the programs' own: the file of TEST_NOTES has a line for each test that began.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/processes.sh"
plan 138
cp "$builddir/tests/cli/test_subject" subject
TEST_NOTES=$PWD/notes TEST_ONCE=$PWD/once
# Sanitizers would make exit statuses of signals.
ASAN_OPTIONS=handle_segv=0:handle_abort=0:${ASAN_OPTIONS:-}
TSAN_OPTIONS=handle_segv=0:handle_abort=0:${TSAN_OPTIONS:-}
export ASAN_OPTIONS TSAN_OPTIONS
TARE_DEBUGGER= # no backtraces: gdb takes its time
export TEST_NOTES TEST_ONCE TARE_DEBUGGER
unset TARE_SEED

run() {
    rm -f notes once
    "$TARE" test --progress none "$@"
}
last() { tail -n 1 out >last; }
ran() { grep -c "^$1" notes; }

ok 'all good' run -m good subject
last
has 'the last line is alone' last '^6 passed, 0 failed, 1 skipped$'
has 'seven tests began' notes '^skips w'
exits 'a failure' 1 run -k 'subject/fails' subject
last
has 'is counted' last '^0 passed, 1 failed, 0 skipped$'
has 'and named' out '^failed subject/fails at .*test_subject\.c:'
has 'with both values' out '1 \+ 1 is 2, expected 3'
has 'and what it printed' out 'what the test printed'

exits 'everything bad at once, two workers' 1 run -n 2 -m 'bad or good' \
    --oversubscribe subject
last
has 'no test is lost' last '^6 passed, 4 failed, 1 skipped$'
has 'a crash is one' out '^crashed subject/crashes'
has 'with its signal' out 'signal 11'
has 'an early exit is a crash' out '^crashed subject/exits'
has 'a hang is a timeout' out '^timeout subject/hangs'
has 'and says its limit' out '0\.100 s'
ok 'each began once' test "$(sort notes | cut -d' ' -f1 | uniq -d | wc -l)" = 0
for dist in load loadfile loadscope loadgroup worksteal lpt no; do
    run -n 2 --oversubscribe --dist $dist -m 'bad or good' subject >out 2>err
    last
    has "none is lost with --dist $dist" last \
        '^6 passed, 4 failed, 1 skipped$'
done

# left behind
TEST_CHILD=$PWD/child
export TEST_CHILD
gone() { ! kill -0 "$(cat child)" 2>/dev/null; }
exits 'a test leaves a process' 1 run -m leak subject
has 'which fails it' out '^leaked subject/leaves_a_child'
ok 'and is gone' gone
rm child
exits 'one inside the worker too' 1 run -m leak --isolation worker subject
has 'which fails it' out '^leaked subject/leaves_a_child'
ok 'and is gone' gone
unset TEST_CHILD

# what the machine refuses
write_to() { "$TARE" test --progress none -m good subject >"$1"; }
if [ -c /dev/full ]; then
    exits 'a full disk is said' 3 write_to /dev/full
    has 'with its reason' err 'cannot write standard output: No space'
else
    skip 'a full disk is said' 'there is no /dev/full'
    skip 'with its reason' 'there is no /dev/full'
fi
exits 'so is a folder that is gone' 3 env TMPDIR=/gone/nowhere "$TARE" test \
    --progress none -m good subject
has 'with its name' err '^/gone/nowhere: error: '

# isolation
exits 'inside the worker' 1 run --isolation worker -m 'bad or good' -n 1 subject
last
has 'nothing is lost either' last '^6 passed, 4 failed, 1 skipped$'
has 'a crash is one' out 'process was ended by signal 11'
has 'a hang is one' out 'ended after 0\.100 s, with its worker'
ok 'each began once' test "$(sort notes | cut -d' ' -f1 | uniq -d | wc -l)" = 0
exits 'in namespaces' 1 run --isolation ns -m 'bad or good' subject
last
has 'nothing is lost' last '^6 passed, 4 failed, 1 skipped$'

for how in process worker; do
    exits "what a test printed before it fell, $how" 1 run --isolation $how \
        -m told subject
    has 'is shown, of a set-up too' out '^      it creaks$'
    has 'with its fixture' out "^      in the set-up of fixture 'trapdoor'$"
    ok 'and of both' test "$(grep -c '^      the last words$' out)" = 2
done
for how in process worker ns; do
    exits "ends that are meant, $how" 0 run --isolation $how -m meant subject
    last
    has 'are right' last '^2 passed, 0 failed, 1 skipped$'
done

# fixtures
TEST_FIXTURE=$PWD/fixture
export TEST_FIXTURE
ok 'a fixture of the program' run -m place --repeat 20 -n 2 --oversubscribe \
    subject
ok 'stands once in a worker' test "$(sort fixture | uniq -d | wc -l)" = 0
ok 'and is torn down' test "$(grep -c up fixture)" = "$(grep -c down fixture)"
rm fixture
exits 'after a timeout' 1 run -m forever --timeout 50ms subject
has 'too' fixture '^down w0$'
rm fixture
ended_by INT notes test -m forever --progress none subject
ok 'interrupted' test $status = 130
has 'after an interrupt' fixture '^down w0$'
ended_by KILL notes test -m forever --progress none subject
ok 'no process outlives a killed tare' nobody './subject *'
unset TEST_FIXTURE

ok 'output is streamed' run -s -k '*skips' subject
exits 'of a failure too' 1 run -s -k '*fails' subject
has 'before the report' out '^what the test printed$'
if gdb --version >gdb 2>&1; then
    exits 'a crash shows its stack' 1 env -u TARE_DEBUGGER "$TARE" test \
        --progress none -m deep subject
    if grep -q '#[0-9]' out; then
        has 'of the test' out '(deep|falls_deeply)'
    else
        skip 'of the test' 'the debugger may not look at processes'
    fi
else
    skip 'a crash shows its stack' 'no gdb'
    skip 'of the test' 'no gdb'
fi

ok 'a worker that dies costs no test' run -n 1 -m 'worker or good' subject
last
has 'it is run again' last '^7 passed, 0 failed, 1 skipped$'
ok 'once' test "$(ran loses_its_worker)" = 2
exits 'a test that kills its worker' 1 run -n 1 -m 'killer or good' subject
last
has 'fails alone' last '^6 passed, 1 failed, 1 skipped$'
has 'and says why' out 'worker.s process was ended by signal 9'
ok 'after the second time' test "$(ran kills_its_worker)" = 2

exits 'stop at the first failure' 1 run -n 1 -x -k '*' --order random --seed 3 \
    subject
last
has 'one failed' last ', 1 failed, '
has 'what did not run is said' err 'did not run: enough have failed'

ok 'a retry' run --retries 2 -m 'moody or good' subject
last
has 'makes a test that passes then' last '^7 passed, 0 failed, 1 skipped$'
has 'flaky, which is said' out '^flaky subject/moody: passed at attempt 2'
has 'with what it said before' out 'in a mood'
exits 'not without' 1 run -m moody subject

ok 'repeated' run --repeat 3 -m good subject
last
has 'each counts' last '^18 passed, 0 failed, 3 skipped$'
ok 'and ran' test "$(ran skips)" = 3

exits 'some fail' 1 run -m 'good or bad' subject
exits 'those again' 1 run --last-failed -m 'good or bad' subject
last
has 'and no others' last '^0 passed, 4 failed, 0 skipped$'
exits 'nothing failed' 5 run --last-failed -m good subject
exits 'failed first' 1 run --failed-first -n 1 --dist load -x subject
last
has 'is at the front' last '^0 passed, 1 failed, 0 skipped$'
exits 'what one worker ran' 1 run -m 'good or bad' -n 2 --oversubscribe \
    --order random --seed 5 subject
grep ' w0$' notes | cut -d' ' -f1 >first
exits 'is run again' 1 run --replay last:w0 subject
cut -d' ' -f1 notes >second
same 'in that order' first second
exits 'and all' 1 run --replay last~1 --oversubscribe subject
grep ' w0$' notes | cut -d' ' -f1 >second
same 'on their workers' first second
exits 'no such run' 5 run --replay 999 subject

rm -f all
for part in 1 2 3; do
    cp -r .tare "machine$part" # each has the same history
    ok "part $part" run -m good --shard $part/3 --db machine$part/tare.db \
        --format json -o part$part.json subject
    cut -d' ' -f1 notes >>all
    has 'names its plan' err "^part $part of 3: [1-5] of 7 tests, plan "
    sed -n 's/.*plan //p' err >>plans
done
ok 'no test is lost' test "$(sort -u all | wc -l)" = 7
ok 'or run twice' test "$(wc -l <all)" = 7
ok 'of one plan' test "$(sort -u plans | wc -l)" = 1
merge() { "$TARE" report --merge "$@"; }
ok 'the parts are joined' merge part3.json part1.json part2.json
last
has 'to a whole' last '^6 passed, 0 failed, 1 skipped$'
hasnt 'of which nothing is missing' out missing
ok 'one is missing' merge part1.json part3.json --format junit
has 'which is an error' out '<error .*message="part 2 of 3 is missing"'
exits 'one part twice is none' 2 merge part1.json part2.json part1.json
has 'and said' err "'part1.json' and 'part1.json' are both part 1 of 3"
sed 's/"plan": "/&other/' part2.json >stranger.json
exits 'nor are parts of several plans' 2 merge part1.json stranger.json
has 'which are named' err 'parts of different plans'
has 'with the reason' err '^help: .*the same history'
sed '/"shard": {/,/}/d' part2.json >whole.json
exits 'nor is one with all tests' 2 merge part1.json whole.json
has 'which is said' err "'part1.json' is a part of a suite, 'whole.json' is not"
sed 's/"index": 2/"index": 9/' part2.json >wrong.json
exits 'a part that cannot be' 2 merge part1.json wrong.json
ok 'a part of the store is as it was' "$TARE" report \
    --db machine2/tare.db --format json -o again.json
same 'with its number' part2.json again.json

exits 'as JSON' 1 run --format json -m bad subject
has 'with its schema' out '"schema": "tare/test/1"'
has 'with the outcome' out '"outcome": "timeout"'
exits 'as JUnit' 1 run --format junit -m bad subject
has 'with errors apart from failures' out \
    '<testsuites .*tests="4" failures="1" errors="3" skipped="0"'
exits 'what is for people is not for servers' 2 run --format junit -r a subject
has 'which is said' err 'summary is about text, not about --format junit'
has 'with the way' err '^help: .*tare report --format'
exits 'as TAP' 1 run --format tap -m bad subject
has 'with a plan' out '^1\.\.4$'

ok 'tests do not see how workers are bound' run -m environment subject
LD_BIND_NOW=1 TEST_BIND=1 ok 'unless the user says how' run -m environment subject

exits 'no time at all' 2 run --timeout 0 subject
has 'is none' err "timeout: expected a time from 10 ms to 24 h.*, not '0'"
exits 'nothing selected' 5 run -k nothing subject
exits 'no such program' 2 run missing
printf '#!/bin/sh\nexit 0\n' >shell && chmod +x shell
exits 'no Tare program' 3 run shell
