#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One case alone, in its fixtures, under whatever is put in front of it.
. "$srcdir/tests/tap.sh"
plan 27

cat >tare.yaml <<'EOF'
tare: 1
programs: [{path: test_subject}, {path: gate_old}]
fixtures:
  db:
    setup: date >made
    teardown: mv made torn
    env: {DB_PORT: 'port $TARE_PORT_BASE'}
  broken: {setup: 'echo no disk; exit 9'}
  absent: {setup: 'echo no server here; exit 77'}
commands:
  - name: cat
    run: [sh, -c, 'cat; ls made; echo "$DB_PORT"; exit 3']
    stdin: {text: fed}
    fixtures: db
    prepare: echo prepared
    cleanup: echo cleaned
    expect: {exit: 3}
  - {name: killed, run: 'kill -9 $$', kind: test}
  - {name: failing, run: 'exit 1', kind: test}
  - {name: nothing, run: [no-such-program]}
  - {name: sized, run: [echo, '{n}'], params: {n: [1, 2]}}
  - {name: broken, run: [echo, never], fixtures: broken}
  - {name: absent, run: [echo, never], fixtures: absent}
EOF
cp "$builddir/tests/cli/test_subject" "$builddir/tests/cli/gate_old" .

ok 'a command ends as expected' "$TARE" debug cat
sed -i 's/^port [23][0-9][0-9]00$/port N/' out
printf 'prepared\nfedmade\nport N\ncleaned\n' >want
same 'in its fixtures, between what it prepares and cleans up' want out
ok 'its fixture was torn down' test -e torn -a ! -e made
ok 'under another command' "$TARE" debug cat --with 'env WRAPPED=1 sh -c '"'"'echo wrapped $WRAPPED; exec "$0" "$@"'"'"
has 'which is in front' out '^wrapped 1$'
has 'its standard input is still its own' out '^fedmade$'

exits 'a signal' 3 "$TARE" debug killed
has 'is named' err 'signal 9 \(Killed\)'
exits 'a failing test' 1 "$TARE" debug failing
has 'says how it ended' err 'exit status 1, not 0'
exits 'a program that is not there' 3 "$TARE" debug nothing
has 'is named' err "cannot run 'no-such-program'"
exits 'a fixture that fails' 3 "$TARE" debug broken
has 'gives its message' err "fixture 'broken': setup: .*no disk"
hasnt 'and nothing runs' out never
exits 'a fixture that is absent' 3 "$TARE" debug absent
has 'gives its reason' err "fixture 'absent': no server here"

ok 'parameters are part of the id' "$TARE" debug 'sized[n=2]'
has 'and of the words' out '^2$'
exits 'without them' 5 "$TARE" debug sized
has 'they are shown' err "help: it has parameters: 'sized\[n=1\]'"
exits 'a wrong id' 5 "$TARE" debug kiled
has 'is met with the nearest' err "help: did you mean 'killed'"

ok 'a benchmark of a program loops' "$TARE" debug gate_old/steady --budget 1s
has 'and is shown' out '^steady +'
ok 'a test of a program' "$TARE" debug "test_subject/passes[n=1]"
has 'runs alone' out '^1\.\.1$'
exit $failed
