#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fixtures of tare.yaml, around what is measured and tested.
. "$srcdir/tests/tap.sh"
plan 32

cat >tare.yaml <<'EOF'
tare: 1
fixtures:
  once:    {scope: session, setup: 'echo once-up >>log', teardown: 'echo once-down >>log'}
  data:
    scope: worker
    needs: once
    setup: echo data-up $TARE_WORKER >>log
    teardown: echo data-down >>log
    env: {DATA: 'of $TARE_WORKER', PORT: $((TARE_PORT_BASE + 2)), ODD: '$((X+1)) $ $9'}
  each:
    needs: data
    setup: echo each-up $DATA >>log
    teardown: echo each-down >>log
  server:
    run: 'echo listening; exec sleep 60'
    until: test -e ready || { echo asked >>asked; touch ready; exit 1; }
    teardown: rm ready
    timeout: 20s
  broken:  {needs: once, setup: 'echo no disk left; exit 9'}
  absent:  {setup: 'echo no such server here; exit 77'}
  late:    {run: 'echo still starting; exec sleep 60', until: 'exit 1', timeout: 300ms}
  dying:   {run: 'echo bad option; exit 4', until: 'exit 1', timeout: 20s}
  slow:    {setup: sleep 60, timeout: 200ms}
  unclean: {teardown: 'echo cannot remove; exit 3'}
commands:
  - {name: good, run: 'echo $DATA $PORT', fixtures: each, expect: {stdout: {matches: '^of w0 [23][0-9][0-9]02$'}}}
  - {name: odd, run: 'echo "$ODD"', fixtures: data, expect: {stdout: '$((X+1)) $ $9'}}
  - {name: bad, run: 'exit 1', fixtures: [each, server]}
  - {name: hangs, run: sleep 60, timeout: 300ms, fixtures: each}
  - {name: served, run: test -e ready, fixtures: server}
  - {name: broken, run: [touch, never], fixtures: broken}
  - {name: absent, run: [touch, never], fixtures: absent}
  - {name: late, run: [touch, never], fixtures: late}
  - {name: dying, run: [touch, never], fixtures: dying}
  - {name: slow, run: [touch, never], fixtures: slow}
  - {name: unclean, run: 'true', fixtures: unclean}
  - {name: t-good, kind: test, run: 'test "$DATA" = "of $TARE_WORKER"', fixtures: each}
  - {name: t-bad, kind: test, run: 'exit 1', fixtures: [each, server]}
  - {name: t-hangs, kind: test, run: sleep 60, timeout: 300ms, fixtures: each}
  - {name: t-broken, kind: test, run: [touch, never], fixtures: broken}
  - {name: t-absent, kind: test, run: [touch, never], fixtures: absent}
EOF
run() { rm -f log ready; "$TARE" run --budget 100ms -v "$@"; }

ok 'a benchmark in its fixtures' run -k good
has 'set-up is measured' out '^fixture:each/setup +[0-9]'
has 'and tear-down' out '^fixture:once/teardown +[0-9]'
head -n 3 log >begin
tail -n 3 log >end
printf 'once-up\ndata-up w0\neach-up of w0\n' >want
same 'what is needed comes first' want begin
printf 'each-down\ndata-down\nonce-down\n' >want
same 'and goes last' want end
ok 'those of longer scope are set up once' \
    test "$(grep -c once-up log)" -eq 1 -a "$(grep -c data-up log)" -eq 1
ok 'those of a case for each process' \
    test "$(grep -c each-up log)" -gt 1 -a "$(grep -c each-up log)" -eq "$(grep -c each-down log)"
ok 'what is no variable stays' run -k odd
ok 'and kept' "$TARE" history --db .tare/tare.db
has 'as a series' out '^fixture:data/setup'

rm -f asked
exits 'cases that fail in several ways' 3 run -k bad -k hangs -k served \
    -k broken -k absent -k late -k dying -k slow -k unclean
cp out report
cp err warnings
has 'one that fails shows what its server printed' report "fixture 'server' said: listening"
has 'one that hangs is ended' report 'took longer than 0.3 s'
ok 'and everything is torn down' test "$(tail -n 1 log)" = once-down -a ! -e ready
ok 'as often as it was set up' \
    test "$(grep -c each-up log)" -eq "$(grep -c each-down log)"
has 'a server is waited for until it is ready' report '^served +[0-9]'
ok 'being asked' test "$(wc -l <asked)" -ge 1
has 'a set-up that fails fails its case with its message' report "fixture 'broken': setup: .*9.*no disk left"
has 'one that exits with 77 skips it' report '1 skipped'
has 'with what it printed' report "fixture 'absent': no such server here"
has 'a server that does not become ready has a limit' report "fixture 'late': not ready after 0.3 s; run: still starting"
has 'one that ends fails at once' report "fixture 'dying': its server ended before it was ready: .*bad option"
has 'a set-up that hangs is ended' report "fixture 'slow': setup took too long"
ok 'nothing ran without its fixtures' test ! -e never
has 'a tear-down that fails is told' warnings "warning: fixture 'unclean': teardown: .*cannot remove"

rm -f log ready
exits 'tests, on two workers' 1 "$TARE" test -n 2 --oversubscribe
has 'fail with the message of a set-up' out "no disk left"
has 'and the log of a server' out "fixture 'server' said: listening"
has 'or are skipped' out '1 passed, 3 failed, 1 skipped'
ok 'a session is set up once whatever the workers' \
    test "$(grep -c once-up log)" -eq 1 -a "$(tail -n 1 log)" = once-down

cat >>tare.yaml <<'EOF'
gate:
  occasion_noise: 5% # given, so that the neighbours of this test do not count
  rules: [{match: 'fixture:each/*', margin: 50%}]
EOF
"$TARE" baseline save main -k good --budget 200ms >out 2>err
# What it took on a quiet machine, whatever this one is doing.
awk '/^- id:/ { mine = /fixture:each\/setup$/ }
    mine && /\[[0-9]+\]/ { next }
    { print }
    mine && /samples:/ {
        for (i = 0; i < 8; i++)
            printf "      %s [%d]\n", i ? "  -" : "- -", 3000000 + 10000 * i
    }' baselines/main.yaml >quiet.yaml
mv quiet.yaml baselines/main.yaml
sed -i 's/setup: echo each-up/setup: sleep 0.1; echo each-up/' tare.yaml
# One invocation must not outlast the budget: six are needed for a verdict
exits 'a set-up that became slow fails a gate with a rule for it' 1 \
    "$TARE" gate -k good --budget 2s
has 'and is named' out '^fixture:each/setup +regressed'
exit $failed
