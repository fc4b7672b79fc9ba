#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A program run by itself: TAP, isolation, selection, exit status.  Every
# failure that a test can have is reported as that test's.
. "$srcdir/tests/tap.sh"

plan 49
subject=$builddir/tests/unit/bench/subject
TMPDIR=$PWD
export TMPDIR

exits 'help' 0 "$subject" --help
has 'names the options' out '--run GLOB'
has 'and tare' out 'tare run '
exits 'list' 0 "$subject" --list
has 'shows a test' out '^test  passes  tags: good  .*subject.c:[0-9]+$'
has 'shows parameters' out '^bench counts\[n=2\]  tags: fast, good'
has 'shows fixtures' out '^test  in_order  fixtures: second  '
exits 'list of a selection' 0 "$subject" --list --run 'counts*'
same 'has only that' out - <<END
$(grep -F 'counts[' out)
END

exits 'passing tests' 0 "$subject" --run passes --run 'with_parameter*' --run says_skip
cat >want <<'END'
1..4
ok 1 - passes
ok 2 - with_parameter[kind=a]
ok 3 - with_parameter[kind=b]
ok 4 - says_skip # SKIP because of 7
END
same 'print TAP and nothing else' want out

exits 'a failing test' 1 "$subject" --run fails_twice
has 'is not ok' out '^not ok 1 - fails_twice$'
has 'shows place and values' out '^# .*subject.c:[0-9]+: 2 \* 2 is 4, expected 5$'
has 'and the other failure' out '^# .*"left" is "left", expected "right"$'
has 'and what it printed' out '^# before$'
[ "$(grep -c '2 \* 2' out)" -eq 1 ] && pass 'once' || fail 'once'

exits 'a crashing test' 1 "$subject" --run segfaults --run passes
has 'is not ok' out '^not ok . - segfaults$'
has 'with its last words' out '^# last words$'
has 'and the others run' out '^ok . - passes$'
exits 'a test that exits' 1 "$subject" --run exits
has 'has not passed' out '^# ended its process in the middle, with exit status 0$'
exits 'a hanging test' 1 "$subject" --run hangs
has 'is ended' out '^# ended after 0.050 s$'
exits 'a limit for all' 1 "$subject" --run hangs --timeout 30
has 'does not raise its own' out '^# ended after 0.050 s$'
exits 'a folder left behind' 1 "$subject" --run leaves_a_folder_and_crashes
ok 'is removed' sh -c 'test -z "$(ls -d tare-* 2>/dev/null)"'

exits 'fixtures' 1 "$subject" --run in_order --run again --run depends_on_failure
has 'outer ones stay for the next' out '^outer down$'
[ "$(grep -c 'outer up' out)" -eq 1 ] && pass 'and come once' || fail 'and come once'
has 'a failed one fails its test' out "^# fixture 'refusing' failed: no server at home\$"

exits 'in one process' 1 "$subject" --no-fork --run passes --run fails_twice --run in_order
has 'tests run' out '^ok 1 - passes$'
has 'output is not held back' out '^not shown$'
has 'and fail' out '^not ok 2 - fails_twice$'

exits 'benchmarks' 0 "$subject" --run 'counts[n=1]' --run manual
has 'have a table' out '^benchmark  +time/iter'
has 'a line each' out '^manual +1.000 us +0.0 %$'
has 'and say what they are' out "^note: quick figures .*'tare run .*subject' measures properly\$"
exits 'benchmarks that fail' 3 "$subject" --run breaks --run crashes \
    --run skips --run quits
has 'say why' out '^breaks +FAILED: .*left its loop early'
has 'or how they ended' out '^crashes +FAILED: ended '
has 'or that they did not get to the end' out '^quits +FAILED: ended its process in the middle, with exit status 0$'
has 'or why not' out '^skips +skipped: not on this machine$'
exits 'tests and benchmarks' 3 "$subject" --run passes --run breaks
has 'stay TAP' out '^# breaks +FAILED'
exits 'an unknown option' 2 "$subject" --lst
exit $failed
