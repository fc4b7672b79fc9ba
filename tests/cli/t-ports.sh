#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two runs at once have no port in common.  Each waits for the other.
. "$srcdir/tests/tap.sh"
plan 7

for run in one other; do
    case $run in one) peer=other ;; *) peer=one ;; esac
    mkdir $run
    cat >$run/tare.yaml <<EOF
tare: 1
fixtures:
  server: {scope: session, setup: 'echo \$TARE_PORT_BASE >>../$run.ports'}
commands:
  - name: meets
    kind: test
    run: 'echo \$TARE_PORT_BASE >>../$run.ports; echo >../$run.here;
      until test -e ../$peer.here; do sleep 0.05; done'
    fixtures: server
  - name: weighs
    run: 'echo \$TARE_PORT_BASE >>../$run.weighed; echo >../$run.there;
      until test -e ../$peer.there; do sleep 0.05; done'
measure: {invocations: 1, samples: 1, warmup: 0}
EOF
done

# both 'what' COMMAND: in both folders at the same time
both() {
    (cd one && "$TARE" "$2") >out 2>err </dev/null &
    exits "$1" 0 sh -c "cd other && '$TARE' $2"
    wait $! && pass "$1: the other too" || fail "$1: the other too"
}
both 'tests meet' test
sort one.ports other.ports >all
sort -u all >each
ok 'four blocks' test "$(wc -l <each)" -eq 4
same 'no two the same' each all
both 'measurements meet' run
ok 'with ports of their own' sh -c \
    'test -s other.weighed && ! grep -qxFf one.weighed other.weighed'
exit $failed
