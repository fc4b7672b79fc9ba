#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is common to all commands: help, errors, status, standard streams.
. "$srcdir/tests/tap.sh"
plan 29

exits 'no word prints the help and is an error' 2 "$TARE"
has 'on standard error' err '^Usage: tare COMMAND'
ok 'help on request is none' "$TARE" --help
has 'and goes to standard output' out '^Usage: tare COMMAND'
has 'listing commands' out ' completion +Print'
ok 'version' "$TARE" --version
has 'is one line' out '^tare [0-9]+\.[0-9]+\.[0-9]+$'

exits 'unknown command' 2 "$TARE" completoin
has 'one line says so' err "^tare: error: unknown command 'completoin'$"
has 'and one helps' err "^help: did you mean 'tare completion'"
exits 'unknown option' 2 "$TARE" completion --outptu x bash
has 'names the nearest' err "did you mean '--output'"
exits 'missing operand' 2 "$TARE" completion
has 'says which' err "needs bash\|zsh\|fish"
exits 'unknown shell' 2 "$TARE" completion tcsh
ok 'help of a command' "$TARE" completion --help
cp out option-help
ok 'the same by the other way' "$TARE" help completion
same 'word for word' out option-help
exits 'debugging an error' 2 "$TARE" --debug
exits 'says where it was raised' 2 "$TARE" completion tcsh --debug
has 'in the sources' err '^raised at .*cmd_completion\.c:[0-9]+$'

ok 'output to a file' "$TARE" completion bash -o script
ok 'is what goes to standard output' "$TARE" completion bash
same 'byte for byte' out script

closed() { "$TARE" completion bash >&-; }
exits 'closed standard output' 3 closed
has 'is told' err 'cannot write standard output'
full() { "$TARE" completion bash >/dev/full; }
if [ -w /dev/full ]; then
    exits 'a full disk' 3 full
else
    skip 'a full disk' 'no /dev/full'
fi
gone() { { "$TARE" completion bash; echo $? >status; } | :; [ "$(cat status)" = 3 ] || [ "$(cat status)" = 0 ]; }
ok 'a reader that left' gone
if [ -s err ]; then fail 'is not told'; else pass 'is not told'; fi
exit $failed
