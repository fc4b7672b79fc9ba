#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Comparing one and two workers, for real.  The workers may share a core
# (--oversubscribe), so that one is enough; no figure is looked at.
. "$srcdir/tests/tap.sh"
plan 68
programs=$builddir/tests/cli
unset TARE_SEED
cp "$programs/scale_new" subject
cp "$programs/scale_slow" slow

# One round only: it is longer than its budget.
scale() {
    "$TARE" scale -n 1,2 --oversubscribe --budget 1ms --progress none "$@"
}

ok 'a suite of tests' scale -k '*long*' -k '*first*' subject
has 'is one series' out '^subject: 2 tests, 1 round'
has 'with a row for one worker' out '^ +1 +[0-9.]+ m?s +open +1\.00'
has 'and one for two' out '^ +2 +[0-9.]+ m?s +open +[0-9.]+ '
has 'a chart' out '^ +1 .* 1\.00$'
has 'and no recommendation without an interval' out 'recommended: unknown, 1 of 6'
has 'it is stored' out 'stored as run:1'

ok 'six rounds give intervals' "$TARE" scale -n 1,2 --oversubscribe \
    --progress none --budget 500ms -k '*first*' -k '*second*' subject
has 'and a recommendation' out 'recommended: [12] worker'
has 'with what limits' out 'what limits 2 workers: '
has 'and a law' out 'law: (linear|Amdahl)'
ok 'in the history it has a name of its own' "$TARE" history 'scale:*'
has 'with the count' out 'scale:subject\[workers=2\]'

ok 'copies of a benchmark' scale -k '*spin*' subject
has 'side by side' out '^ +copies '
has 'with what they make' out ' items '
ok 'a benchmark with threads' "$TARE" scale -k '*team*' --oversubscribe -n 1,2,3 \
    --budget 1ms --progress none subject
has 'is one series' out '^subject/team: 1 round'
has 'of threads' out '^ +threads '
has 'of the numbers it declares' out '^ +2 '
hasnt 'not of others' out '^ +3 '
exits 'one of them alone is nothing' 2 "$TARE" scale -k '*team*' -n 2,3 \
    --oversubscribe --progress none subject
has 'which is said' err 'error: nothing has two of these numbers of threads'
has 'with a remedy' err '^help: .*\.threads'

ok 'a command that takes the count' scale -- sh -c 'echo {n} >>seen'
has 'was told one' seen '^1$'
has 'and two' seen '^2$'
has 'and keeps its name' out "^sh -c 'echo \{n\} >>seen'"
cat >tare.yaml <<'Y'
tare: 1
commands:
  - name: build
    run: [sh, -c, 'test -f made-{n}']
    prepare: [touch, 'made-{n}']
    cleanup: [rm, 'made-{n}']
Y
ok 'a command of tare.yaml, prepared and cleaned up' scale
has 'has its id' out '^build\[n=\{n\}\]: 1 round'
ok 'cleaned up indeed' sh -c '! ls made-* 2>/dev/null'
rm tare.yaml

ok 'as JSON' scale -k '*long*' --format json subject
has 'with its schema' out '"schema": "tare/scale/1"'
has 'the kind' out '"kind": "tests"'
has 'marks' out '"oversubscribed": (true|false)'
has 'the long test' out '"longest": "subject/long_one"'
ok 'as CSV' scale -k '*long*' --format csv subject
has 'a line a count' out '^subject,tests,2,'
ok 'as Markdown' scale -k '*long*' --format markdown subject
has 'a table' out '^\| 2 \|'

ok 'against an old program' scale -k '*first*' --against subject slow
has 'each count has a verdict' out '^ +2 +(inconclusive|unchanged|worse) +[+-]'
has 'and all together' out '^  the new one is .* \(margin 2\.00 %\)'
# What an interrupted one leaves; the document goes to the dashboard.
scale -k '*long*' --db stopped.db subject >out 2>err
"$TARE" scale -n 1,2 --oversubscribe --budget 60s --progress none -k '*long*' \
    --db stopped.db subject >out 2>err &
pid=$!
tries=0
until "$TARE" report run:2 --db stopped.db 2>/dev/null | grep -q 'scale:' ||
    [ $((tries += 1)) -gt 300 ]; do sleep 0.1; done
kill -INT $pid
wait $pid
ok 'an interrupted one is shown' "$TARE" report last --db stopped.db
has 'as such' out '; interrupted; stored as run:'
hasnt 'and not as one to resume' out resume
if "$TARE" report last --format html -o page.html --db stopped.db 2>err; then
    has 'the page has it, from the store' page.html '"interrupted": true'
    ok 'an earlier one' "$TARE" report run:1 --format html -o page.html \
        --db stopped.db
    has 'is in a page as well' page.html '"interrupted": false'
else
    for i in 1 2 3; do skip 'the page' 'this tare was built without it'; done
fi

exits 'commands have none' 2 scale --against subject -- 'a{n}'
has 'which is said' err 'a command has no old program'

exits 'a suite that fails is not timed' 1 scale -m broken subject
has 'and says which test' out "test 'subject/wrong' failed with 2 workers"

# wrong <what> <error> <help> ARG...
wrong() {
    what=$1 error=$2 help=$3
    shift 3
    exits "$what" 2 "$TARE" scale --progress none "$@"
    if grep -Eq -- "$error" err && grep -Eq -- "$help" err; then
        pass "$what: said why"
    else
        fail "$what: said why"
    fi
}
wrong 'no worker' "numbers from 1 to 4096 .*'0'" 1,2,4 -n 1,0 subject
wrong 'an empty count' "not '' in '1,,2'" 1,2,4 -n 1,,2 subject
wrong 'the same twice' '2 is there twice' . -n 2,2 subject
wrong 'one count' '4 is nothing to compare with' '-n 1,4' -n 4 subject
wrong 'too many' '4000 workers are more than' '--oversubscribe' -n 1,4000 subject
wrong 'no {n}' 'no command mentions \{n\}' 'write \{n\}' -n 1,2 --oversubscribe \
    -- true
exits 'nothing selected' 5 scale -k nothing subject
has 'said so' err 'no test or benchmark is selected; there are 7'
exits 'a list for one run' 2 "$TARE" test -n 1,2 subject
exit $failed
