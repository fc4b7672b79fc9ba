#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare check tells what is in a file and where it is wrong.
. "$srcdir/tests/tap.sh"
plan 17

cat >tare.yaml <<'END'
tare: 1
suite: shop
tags: {unit: in memory, slow: over a second}
programs:
  - {path: build/sort_bench, tags: [unit]}
END
printf 'tare: 1\nprogams: []\n' >typo.yaml
printf 'tare: 1\nsuite: [a, b\n' >broken.yaml
printf 'tare: baseline/99\n' >future.yaml
printf '# mine\n\ntare: "baseline/1"\nnmae: main\n' >baseline.yaml

ok 'a valid suite' "$TARE" check tare.yaml
has 'says what is in it' out '^tare\.yaml: ok \(suite shop, 1 program, 2 tags\)$'
exits 'an unknown key' 2 "$TARE" check typo.yaml
has 'is named with its place' err "^typo\.yaml:2:1: error: .*progams"
has 'and the nearest valid one' err "^help: .*programs"
exits 'broken YAML' 2 "$TARE" check broken.yaml
has 'has a place too' err '^broken\.yaml:[0-9]+:[0-9]+: error: '
exits 'a baseline of the future' 2 "$TARE" check future.yaml
has 'is told apart from a suite' err '^future\.yaml:1:[0-9]+: error: .*baseline'
exits 'a baseline with a typo' 2 "$TARE" check baseline.yaml
has 'as well' err '^baseline\.yaml:4:1: error: .*nmae'
exits 'a missing file' 2 "$TARE" check none.yaml
has 'is named' err '^none\.yaml: error: cannot open'
exits 'several files' 2 "$TARE" check typo.yaml tare.yaml none.yaml
has 'the good one passes' out '^tare\.yaml: ok'
if [ "$(grep -c error err)" = 2 ]; then
    pass 'and each bad one is told'
else
    fail 'and each bad one is told'
fi
exits 'no file' 2 "$TARE" check
exit $failed
