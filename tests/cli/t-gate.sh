#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A baseline, and programs that differ from it in one thing each.  They say their
# own times; two that are clocked differ threefold.
. "$srcdir/tests/tap.sh"
plan 44
programs=$builddir/tests/cli
unset TARE_SEED

use() { cp "$programs/gate_$1" bench; }
gate() { "$TARE" gate --budget 5s --progress none "$@" bench; }

use old
exits 'a gate needs a baseline' 5 gate
has 'and says how to make one' err "help: .*tare baseline save main"
ok 'a baseline is saved' "$TARE" baseline save main --budget 3s -q bench
ok 'it is a file' test -f baselines/main.yaml
ok 'the program is kept' sh -c 'ls .tare/programs/*/manifest*'
ok 'the file is valid' "$TARE" check baselines/main.yaml
ok 'an identical program passes' gate
has 'without being measured' out '3 unchanged'
gate --format json >out 2>err
has 'nor the machine' out '"anchors": \{\}'

use slow
exits 'a slowdown fails' 1 gate
has 'and is named with its size' out 'gate: .*bench/changing \+[12][0-9][0-9]'
hasnt 'nothing else is' out 'bench/steady +regressed'
ok 'a selection without it passes' gate -k '*steady*'
exits 'as JSON too' 1 gate --format json
has 'with its schema' out '"schema": "tare/gate/1"'
has 'and the verdict' out '"verdict": "regressed"'
has 'and the mode' out '"mode": "interleaved"'
tr -d ' \n' <out >flat
for anchor in integer syscall fork memory chase; do
    has "the machine was weighed with $anchor" flat "\"$anchor\":\{\"old\":[1-9][^}]*\"new\":[1-9]"
done

use version
exits 'a raised version does not compare' 5 gate -k '*steady*'
has 'and says why' out 'version'
use result
exits 'another result does not compare' 5 gate -k '*steady*'
has 'and says so' out 'result'
use crash
exits 'a crash is not a verdict' 3 gate
has 'and tells the side' out 'new side: .*signal 6'
use fewer
exits 'a case that is gone is undecided' 4 gate
has 'and named' out 'bench/extra +gone'

use slow
cat >tare.yaml <<'Y'
tare: 1
suite: t
tags: {unit: x, slow: y}
programs:
  - {path: bench}
gate:
  waivers:
    - {match: 'bench/changing', up_to: 900%, until: 2999-01-01, reason: 'known'}
Y
ok 'a waiver lets it pass' "$TARE" gate --budget 5s --progress none
has 'and shows its reason' out 'known'
rm tare.yaml

exits 'against a program named' 1 gate --against "$programs/gate_old"
exits 'two programs' 1 "$TARE" compare --budget 5s --progress none \
    "$programs/gate_old" bench
exits 'with a clock' 1 "$TARE" compare --budget 5s --margin 50% -k '*changing' \
    --progress none "$programs/gate_real_old" "$programs/gate_real_slow"
has 'the size is right' out 'gate_real_slow/changing +regressed +\+(1[5-9]|2[0-4])[0-9]\.'
exits 'a missing program is a usage error' 2 "$TARE" compare nowhere/old bench
exits 'an empty selection' 5 gate -k 'nothing*'
exits 'an old program and a revision at once' 2 gate --against a --against-rev b

# stored numbers
sed -i 's/hash: .*/hash: 0000000000000000000000000000000000000000000000000000000000000000/' \
    baselines/main.yaml
printf 'tare: 1\ngate: {occasion_noise: 5%%}\n' >tare.yaml # not what anchors say
exits 'without the old program the numbers serve' 1 "$TARE" gate --budget 3s \
    --progress none -k '*changing*' bench
has 'and say so' out 'stored|baseline'
sed -i "s/machine_key: .*/machine_key: '1111111111111111111111111111111111111111111111111111111111111111'/" \
    baselines/main.yaml
exits 'not those of another machine' 5 gate -k '*changing*'
sed -i 's/^tare: .*/tare: baseline\/9/' baselines/main.yaml
exits 'a baseline of the future is refused' 2 gate
has 'with its place' err 'baselines/main.yaml:1:7: error: '
exit $failed
