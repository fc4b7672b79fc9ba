#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Relinked builds.  Nothing here depends on how fast the machine is: the "layout"
# that is slow is fourfold, the regression threefold.
. "$srcdir/tests/tap.sh"
plan 28
programs=$builddir/tests/cli
unset TARE_SEED

cp "$programs/gate_old" bench
layout() { "$TARE" layout --builds 2 --budget 5s --progress none "$@" bench; }

exits 'a link command is needed' 2 layout
has 'and asked for' err "help: give --relink"
exits 'that says which layout' 2 layout --relink 'cp bench {out}'
has 'with {seed}' err 'does not hold \{seed\}'
exits 'and where it goes' 2 layout --relink 'echo {seed}'
has 'with {out}' err 'does not hold \{out\}'
exits 'layouts that are none' 2 layout --relink 'cp bench {out}; : {seed}'
has 'are told' err 'all 2 builds are byte-identical'
exits 'a failing link' 3 layout --relink 'echo no such object; exit 7 {seed}{out}'
has 'is told with what it printed' err 'exit status 7: no such object'
exits 'a link that writes nothing' 3 layout --relink ': {seed} {out}'
has 'is told' err 'wrote no executable file'

cat >link.sh <<'E2'
if [ -f first ]; then cp "$programs/gate_slower" "$2"
else cp "$programs/gate_old" "$2"; : >first; fi
E2
export programs
ok 'builds are compared' layout --relink 'sh link.sh {seed} {out}' -k '*changing'
has 'the floor is what they differ by' out 'bench/changing +[234][0-9][0-9]\.'
has 'and the conclusion' out 'changes 1 of 1 cases by more than the margin'
rm first
ok 'as JSON too' layout --relink 'sh link.sh {seed} {out}' --format json \
    -k '*changing'
has 'with its schema' out '"schema": "tare/layout/1"'

mkdir new && cp "$programs/gate_slow" new/bench
exits 'a regression of that size stays one' 1 "$TARE" compare bench new/bench \
    -k '*changing' --budget 5s --progress none
has 'and its layout is suspect' out 'the layout is suspect: linking'
"$TARE" compare bench new/bench -k '*changing' --budget 5s --progress none \
    --explain '*changing' >out 2>err
has 'the floor stands beside the margin' out 'layout floor: \+[234][0-9][0-9]'

# The script of the examples: the same order for the same seed, all objects and
# libraries there.
cat >cc.sh <<'E2'
for word; do case $word in *.s) echo pad ;; *) echo "$word" ;; esac; done
E2
relink="sh $srcdir/examples/relink.sh"
ok 'the script shuffles' $relink 3 prog 'sh cc.sh' a.o b.o c.o d.o e.o -- -lx -ly
sort out >sorted
printf '%s\n' -lx -ly -o a.o b.o c.o d.o e.o pad pad pad pad pad prog |
    sort >expected
same 'nothing is lost' sorted expected
cp out first
$relink 3 prog 'sh cc.sh' a.o b.o c.o d.o e.o -- -lx -ly >out
same 'one seed is one order' out first
tail -n 2 out >last
printf '%s\n' -lx -ly >expected
same 'libraries stay last' last expected

exits 'a self-test relinks a program' 2 "$TARE" selftest --full --relink x
has 'that is named' err 'there is no program to relink'
exits 'in the full test' 2 "$TARE" selftest --quick bench
has 'only' err 'help: add --full'
