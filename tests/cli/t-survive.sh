#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What an interrupt, a SIGKILL of tare, of a worker, and a hanging program leave:
# everything measured before, no process, no folder.  Waits are for events.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/processes.sh"
plan 22
unset TARE_SEED
TMPDIR=$PWD/tmp
export TMPDIR
mkdir tmp
cp "$builddir/tests/cli/survive_subject" prog
# Plans that end for no other reason than their count.
echo 'tare: 1
measure: {invocations: 10000, samples: 3}' >long.yaml
echo 'tare: 1
measure: {invocations: 8, samples: 3}' >short.yaml

# struck STRIKE OPTION...: a run that the program ends itself, see
# survive_subject.c
struck() {
    rm -f opened
    STRIKE=$1
    shift
    STRIKE=$STRIKE sh -c 'echo $$ >pid; exec "$@"' run "$TARE" run \
        -f long.yaml ./prog --progress none "$@"
}

# gone: no process of tare's or of the program's is left
gone() { nobody './prog *' "$TARE *" 'sleep 1000 '; }
empty() { [ -z "$(ls tmp)" ]; }

# Ctrl-C
exits 'interrupted' 130 struck 12:2:tare -k prog/one -k prog/two
cp out out1
has 'what was measured is shown' out1 'prog/one +[0-9]'
has 'and stored' out1 'stored as run:1'
ok 'no process is left' gone
ok 'no folder is left' empty

ok 'it goes on where it was' "$TARE" run -f short.yaml ./prog -k prog/one \
    -k prog/two --resume --progress none
has 'as the same run' out 'run:1'
exits 'and then nothing is left to do' 5 "$TARE" run ./prog --resume
has 'which it says' err 'complete'

# SIGKILL of tare
exits 'killed' 137 struck 12:9:tare -k prog/one -k prog/leaver
ok 'no process outlives a killed tare' gone
ok 'no folder does' empty
ok 'a killed run goes on' "$TARE" run -f short.yaml ./prog -k prog/one --resume \
    --progress none
has 'as the same run' out 'run:2'

# A worker killed from outside
exits 'the run goes on without its case' 130 struck 4:9:self,8:2:tare \
    -k prog/one -k prog/two
cp out out3
has 'one case failed and says why' out3 'signal 9'
has 'the other was measured' out3 'measured, 1 failed'

# A program that hangs
exits 'a hanging set-up is not a measurement' 3 "$TARE" run -f short.yaml \
    ./prog -k prog/hanger -k prog/one --timeout 1s --progress none
has 'and is named' out 'hanger'
has 'the rest is measured' out 'prog/one +[0-9]'
ok 'no process is left by it' gone
ok 'no folder either' empty
exit $failed
