#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Benchmarks side by side.  What neighbours cost on this machine is not looked
# at, only that it is looked at.
. "$srcdir/tests/tap.sh"
plan 22
unset TARE_SEED
cp "$builddir/tests/cli/metrics_subject" bench
cat >tare.yaml <<'END'
tare: 1
measure: {budget: 400ms, invocations: 2}
END

run() { "$TARE" run --progress none "$@" bench; }

if [ "$(nproc)" -gt 1 ]; then
    ok 'two at a time' run -n 2 --format json -o out.json
    has 'the document says so' out.json '"side_by_side": \{'
    has 'with the workers' out.json '"workers": "2"'
    has 'all of these few were checked' out.json '"checked": 3'
    has 'with a figure each' out.json '"state": "(none|found|undecided)"'
    ok 'trusted' run -n 2 --trust-parallel
    has 'nothing is checked then' out \
        '2 workers side by side; interference not checked'
    has 'threads run alone' out 'ran alone: it needs several cores'
    ok 'of the command line' "$TARE" run --progress none -n 2 \
        --trust-parallel -c true -c 'true && true' --format json -o out.json
    has 'are both measured' out.json '"beside": "others"'
else
    for i in 1 2 3 4 5 6 7 8 9 10; do skip 'workers' 'there is one core'; done
fi
exits 'more workers than cores are refused' 2 run -n 4096
has 'with a remedy' err 'oversubscribe'
ok 'unless the user insists' run -n 3 --oversubscribe --trust-parallel \
    -k '*writes' -k '*allocates'
has 'which marks each timing' out 'allocates .* shared core'
has 'the other too' out 'writes .* shared core'
has 'and the run' out 'oversubscribed'

# Each of them has a worker's fixtures of its own.
mkdir fixtures && cd fixtures || exit 2
cat >tare.yaml <<'END'
tare: 1
fixtures:
  db: {scope: worker, setup: 'echo up $TARE_WORKER >>log',
       teardown: 'echo down $TARE_WORKER >>log', env: {DB: of $TARE_WORKER}}
commands:
  - {name: a, run: 'echo "$DB, $TARE_WORKER" >>seen', fixtures: db}
  - {name: b, run: 'echo "$DB, $TARE_WORKER" >>seen', fixtures: db}
measure: {budget: 200ms, invocations: 2}
END
ok 'two with fixtures' "$TARE" run --progress none -n 2 --oversubscribe \
    --trust-parallel
sort log | tr '\n' ' ' >lives
has 'one for each' lives '^down w0 down w1 up w0 up w1 $'
hasnt 'and each its own' seen '^of w0, w1|^of w1, w0'
ok 'on both' test "$(sort -u seen | wc -l)" = 2
cd .. || exit 2

exits 'one worker has nothing to trust' 2 run --trust-parallel
has 'and that is said' err '.-n'
exit $failed
