#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare topology on machines described in words: the same output everywhere.
. "$srcdir/tests/tap.sh"
plan 15

two='pack:2 l3:1(size=16777216) core:4 pu:2'

ok 'a plan of three' "$TARE" topology --topology "$two" -n 3
golden 'is drawn' topology.txt out
ok 'the same as JSON' "$TARE" topology --topology "$two" -n 3 --format json
golden 'has every key' topology.json out
ok 'automatic count' "$TARE" topology --topology "$two"
has 'leaves a core' out 'w6'
hasnt 'to the system' out 'w7'
ok 'logical count' "$TARE" topology --topology "$two" -n logical --bind pu
has 'takes siblings' out 'w13'
ok 'an explicit list' "$TARE" topology --topology "$two" --bind 0,4 --format json
has 'is kept' out '"state"'
exits 'too many workers' 2 "$TARE" topology --topology "$two" -n 99
has 'says what to do' err '^help: '
exits 'not a topology' 2 "$TARE" topology --topology 'nonsense:x'
ok 'this machine' "$TARE" topology
exit $failed
