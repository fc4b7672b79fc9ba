#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests that depend on others are found, and the two lines that tare prints for
# each show it again.
. "$srcdir/tests/tap.sh"
plan 33
cp "$builddir/tests/cli/test_subject" subject
TARE_DEBUGGER= TEST_DISK=$PWD/disk
export TARE_DEBUGGER TEST_DISK

verify() { "$TARE" test --progress none --verify-isolation "$@" subject; }
last() { tail -n 1 out >last; }

exits 'in processes' 1 verify -m order
last
has 'one fails everywhere' last '^9 passed, 1 failed, 0 skipped$'
hasnt 'and none depends' out '^depends'

exits 'in the worker' 1 verify -m order --isolation worker
last
has 'two depend' last '^8 passed, 2 failed, 0 skipped$'
has 'one stumbles' out '^depends subject/wants_clean$'
has 'over one' out '^    polluter: subject/makes_dirt$'
has 'one leans' out '^depends subject/wants_height$'
cp out report
ok 'on two' test "$(grep -c '^    needs: ' report)" = 2
sed -n 's/^    tare test/"$TARE" test --progress none/p' report >lines
ok 'two lines each' test "$(wc -l <lines)" = 4
line() { eval "$(sed -n "$1p" lines)"; }
exits 'alone it passes' 0 line 1
exits 'behind the other it fails' 1 line 2
last
has 'it alone' last '^1 passed, 1 failed, 0 skipped$'
exits 'alone it fails' 1 line 3
exits 'behind the others it passes' 0 line 4

exits 'what lies on a disk' 1 verify -m disk
has 'is found too' out '^    polluter: subject/makes_file$'
sed -n 's/^    tare test/"$TARE" test --progress none/p' out >lines
rm -f disk
exits 'alone it passes' 0 line 1
exits 'behind the other it fails' 1 line 2

exits 'nothing to find' 0 verify -m good
last
has 'is said' last '^6 passed, 0 failed, 1 skipped$'
exits 'a session is set up for it' 0 verify -m session

exits 'not with another order' 2 verify --order random
has 'which it says' err 'verify-isolation and --order do not go together'
exits 'as JSON' 1 verify -m order --isolation worker --format json -o found
has 'with its schema' found '"schema": "tare/verify/1"'
sed -n '/wants_clean"/,/commands/p' found >clean
has 'who is to blame' clean '"causes": \["subject/makes_dirt"\]'
has 'as what' clean '"role": "polluter"'
has 'and how to see it again' clean \
    '"commands": \["tare test .*wants_clean subject", "tare test .*makes_dirt '
exits 'as JUnit' 1 verify -m order --isolation worker --format junit
has 'one that depends has failed' out \
    '<failure type="failed" message="passed alone'
exits 'not twice each' 2 verify --repeat 2
"$TARE" history >out 2>err </dev/null
hasnt 'executions of it are no history' out 'stays_clean'
