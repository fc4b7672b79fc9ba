#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The history of a made-up store: lines, changes, what people say of them, and
# the store as a file.
. "$srcdir/tests/tap.sh"
plan 67
fill() { "$builddir/tests/cli/history_fill" "$@" || exit 2; }

# runs FROM TO LEVEL BRANCH MACHINE: revisions with some noise about a level
runs() {
    awk -v from="$1" -v to="$2" -v level="$3" -v branch="$4" -v machine="$5" '
    BEGIN {
        for (i = from; i <= to; i++) {
            printf "run 2026-%02d-%02dT10:00:00Z %04dabcdef %s %s\n",
                   1 + int(i / 28), 1 + i % 28, i, branch, machine
            printf "case sort/qsort[n=1000] time ns lower"
            for (k = 0; k < 8; k++)
                printf " %d", level + (i * 7 + k * 3) % 11
            printf "\ncase sort/qsort[n=1000] max_rss B lower 4096\n"
            printf "case sort/merge time ns lower"
            for (k = 0; k < 8; k++)
                printf " %d", 5000 + (i * 5 + k * 4) % 23
            printf "\ncase @suite makespan ns lower %d\n", 900000 + i % 3
            printf "case @tag/slow time ns lower %d\n", 700000 + i % 3
        }
    }'
}

exits 'without a store there is nothing' 5 "$TARE" history
ok 'and none is made' test ! -e .tare
{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml
{ runs 1 12 1000 main 3f2a91c0aa; runs 13 24 1050 main 3f2a91c0aa; } |
    fill .tare/tare.db shop

ok 'a history' "$TARE" history
has 'says where it was' out '^machine 3f2a91c0, branch main$'
has 'has a line a case' out '^sort/qsort\[n=1000\] +time +1\.055 us +.+0\.33 % +24 '
has 'and one of the suite' out '^@suite +makespan'
hasnt 'not of every tag' out '@tag'
hasnt 'nor of every metric' out 'max_rss'
has 'shows the change' out '^    \+4\.98 % \(\+4\.92 to \+5\.03 % at 95\.5 %\) between 0012abcd and'
has 'and counts' out '^history: 3 series, 1 change: 1 to look at$'
change=$(sed -n 's/.*change \([0-9a-f]*\)$/\1/p' out)
ok 'looking again shows the same' "$TARE" history
has 'name for name' out "change $change"

exits 'a change fails where it is asked for' 1 "$TARE" history --fail-on-change
ok 'not in a case without one' "$TARE" history sort/merge --fail-on-change
ok 'nor with a larger margin' "$TARE" history --fail-on-change --margin 10%
has 'where there is none' out 'no change$'

ok 'a case in detail' "$TARE" history 'sort/q*'
has 'has a row a revision' out '^0024abcd +2026-01-25 +1\.055 us +1\.052 us to 1\.058 us +96\.1 % +1 +24$'
has 'and the change between two' out 'between 0012abcd and 0013abcd, 2026-01-14; change'
has 'hides what is long ago' out '^\(3 points in between: -v\)$'
ok 'unless asked' "$TARE" history -v 'sort/q*'
has 'then shows all' out '^0002abcd '
exits 'an unknown case' 5 "$TARE" history sort/merg
has 'has a nearest' err "^help: did you mean 'sort/merge'"
ok 'every metric of a case' "$TARE" history --metric '*' sort/qsort
has 'is there' out '^sort/qsort\[n=1000\], max_rss; '
ok 'the figures of tags' "$TARE" history '@tag/*'
has 'are there' out '^@tag/slow, time; '

ok 'as JSON' "$TARE" history --format json
has 'with its schema' out '"schema": "tare/history/1"'
has 'the change' out '"before": "0012abcdef"'
has 'and an interval for each point' out '"confidence": 0.9609375'
ok 'as CSV' "$TARE" history --format csv
has 'a line a point' out '^sort/qsort\[n=1000\],time,ns,3f2a91c0aa,main,0013abcdef,2026-01-14T10:00:00Z,0,1055,'
ok 'as Markdown into a file' "$TARE" history --format markdown -o history.md
has 'is there' history.md '^\| `sort/merge` \| `time` \| 5\.010 us \| 24 \|'

ok 'since a date' "$TARE" history --since 2026-01-14 sort/qsort
has 'shows the rest' out '^history: 1 series, no change$'
ok 'since a revision' "$TARE" history --since 0011abcd sort/qsort
has 'begins there' out '^0011abcd '
hasnt 'not before' out '^0010abcd '
exits 'since nowhere' 5 "$TARE" history --since v1.2
has 'tells the forms' err '^help: .*2026-11-22'

runs 25 27 1050 wip 3f2a91c0aa | fill .tare/tare.db shop
runs 1 3 2000 main 77aa | fill .tare/tare.db shop
ok 'the newest run chooses the place' "$TARE" history
has 'its branch' out '^machine 3f2a91c0, branch wip$'
has 'and the rest is said' out '^not shown: machine 3f2a91c0, branch main \(24 runs\)'
ok 'another branch' "$TARE" history --branch main --machine 3f2a
has 'is shown' out 'between 0012abcd and 0013abcd'
ok 'everything' "$TARE" history --branch all --machine all -q
has 'together' out '^history: 9 series \(6 too short to tell\)'
exits 'no such branch' 2 "$TARE" history --branch mian
has 'has a nearest' err "^help: did you mean 'main'"

exits 'accepting needs a reason' 2 "$TARE" history ack "$change"
exits 'and a change that is there' 5 "$TARE" history ack 0000dead --reason x
ok 'a change is accepted' "$TARE" history ack "$change" --reason 'safer <b>'
has 'and told' out '^acknowledged: sort/qsort\[n=1000\] time at 0013abcdef$'
ok 'it does not fail any more' "$TARE" history --branch main --fail-on-change
has 'is a count' out '1 change: 0 to look at, 1 acknowledged'
ok 'its reason is shown in detail' "$TARE" history --branch main sort/qsort
has 'as text' out 'acknowledged .*: safer <b>$'
ok 'it can be taken back' "$TARE" history unack "$change" -q
exits 'and fails again' 1 "$TARE" history --branch main --fail-on-change -q
ok 'a prefix is enough' "$TARE" history ack "${change%????}" --reason x -q

exits 'pruning needs to know what' 2 "$TARE" history prune
ok 'old runs go' "$TARE" history prune --before 2026-01-10 --keep 3 --branch main
has 'and are counted' out '^removed 8 runs; '
exits 'a date is a date' 2 "$TARE" history prune --before yesterday
exit $failed
