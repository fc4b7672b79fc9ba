#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What an interrupt, a SIGKILL of tare, of a worker, and a hanging program leave:
# everything measured before, no process, no folder.  Waits are for events.
. "$srcdir/tests/tap.sh"
. "$srcdir/tests/processes.sh"
plan 21
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
# Nearly all of the time of a process is in its samples.
echo 'tare: 1
measure: {invocations: 10000, samples: 20, sample_time: 20ms}' >slow.yaml

# opened N: wait until N processes have begun their set-up, a minute at most
opened() {
    i=0
    while [ "$(cat opened 2>/dev/null | wc -c)" -lt "$1" ]; do
        i=$((i + 1))
        [ $i -gt 600 ] && return 1
        sleep 0.1
    done
}

# gone: no process of tare's or of the program's is left
gone() { nobody './prog *' "$TARE *" 'sleep 1000 '; }
empty() { [ -z "$(ls tmp)" ]; }


# Ctrl-C
"$TARE" run -f long.yaml ./prog -k prog/one -k prog/two --progress none \
    >out1 2>err1 </dev/null &
pid=$!
opened 12 && kill -INT $pid
wait $pid
status=$?
ok 'interrupted' test $status -eq 130
has 'what was measured is shown' out1 'prog/one +[0-9]'
has 'and stored' out1 'stored as run:1'
ok 'no process is left' gone
ok 'no folder is left' empty

rm -f opened
ok 'it goes on where it was' "$TARE" run -f short.yaml ./prog -k prog/one \
    -k prog/two --resume --progress none
has 'as the same run' out 'run:1'
exits 'and then nothing is left to do' 5 "$TARE" run ./prog --resume
has 'which it says' err 'complete'

# SIGKILL of tare
rm -f opened
"$TARE" run -f long.yaml ./prog -k prog/one -k prog/leaver --progress none \
    >out2 2>err2 </dev/null &
pid=$!
opened 12 && kill -KILL $pid
wait $pid 2>/dev/null
ok 'no process outlives a killed tare' gone
ok 'no folder does' empty
rm -f opened
ok 'a killed run goes on' "$TARE" run -f short.yaml ./prog -k prog/one --resume \
    --progress none
has 'as the same run' out 'run:2'

# A worker killed from outside
rm -f opened
"$TARE" run -f slow.yaml ./prog -k prog/one -k prog/two --progress none \
    >out3 2>err3 </dev/null &
pid=$!
opened 4
kill_worker() { # one that is alive now; there is none between two processes
    worker=$(here './prog --tare-worker*' | head -n 1)
    [ -n "$worker" ] && kill -KILL "$worker" 2>/dev/null
}
i=0
while ! kill_worker && [ $i -lt 1000 ]; do i=$((i + 1)); done
opened 8
kill -INT $pid
wait $pid
status=$?
ok 'the run ends as interrupted' test $status -eq 130
has 'one case failed and says why' out3 'signal 9'
has 'the other was measured' out3 'measured, 1 failed'

# A program that hangs
rm -f opened
exits 'a hanging set-up is not a measurement' 3 "$TARE" run -f short.yaml \
    ./prog -k prog/hanger -k prog/one --timeout 5s --progress none
has 'and is named' out 'hanger'
has 'the rest is measured' out 'prog/one +[0-9]'
ok 'no process is left by it' gone
ok 'no folder either' empty
exit $failed
