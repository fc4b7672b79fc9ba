#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Alerts of tare.yaml: what runs raise, once for each change, and what they
# leave alone.
. "$srcdir/tests/tap.sh"
plan 41
subject=$builddir/tests/cli/weight_subject
mkdir suite && cd suite || exit 2
export GIT_CEILING_DIRECTORIES="${PWD%/*}" # no revision of whatever is above

# suite ALERTS: a tare.yaml with these
suite() {
    { echo 'tare: 1'; echo 'suite: shop'; cat; } >tare.yaml
}
cat >tell <<'S'
#!/bin/sh
env | grep '^TARE_ALERT_' | sort >>told
echo "$TARE_ALERT_TEXT"
S
chmod +x tell
weigh() {
    w=$1; shift
    env WEIGHT="$w" "$TARE" run "$subject" --budget 20ms --progress none -q "$@"
}
points() { # FROM TO WEIGHT
    awk -v from="$1" -v to="$2" -v w="$3" -v m="$machine" 'BEGIN {
        for (i = from; i <= to; i++) {
            printf "run 2026-01-%02dT10:00:00Z %04dabcdef - %s\n", i, i, m
            printf "case weight_subject/body weight g lower %d %d %d\n",
                   w + i % 2, w + i % 2, w + i % 2
        }
    }' | "$builddir/tests/cli/history_fill" .tare/tare.db shop || exit 2
}

suite <<'Y'
alerts:
  - {match: 'weight*', metric: weight, margin: 5%, run: ./tell}
  - {match: 'other/*', metric: time, fail: true}
Y
ok 'a first run' weigh 1000
hasnt 'has nothing to tell' err alert
machine=$(sed -n 's/.*"machine": *"\([0-9a-f]*\)".*/\1/p' <<J | head -n 1
$("$TARE" history --format json --metric weight)
J
)
[ "$machine" ] || "$TARE" history --format json --metric weight
rm -rf .tare
points 1 10 1000
points 11 12 1100
ok 'the third run of a new level' weigh 1100
has 'is told' err '^alert: weight_subject/body weight: \+9\.95 %.* between 0010abcd and 0011abcd'
has 'its command ran' told '^TARE_ALERT_ID=weight_subject/body$'
has 'with the ratio' told '^TARE_ALERT_RATIO=1\.09'
has 'the revisions' told '^TARE_ALERT_BEFORE=0010abcdef$'
has 'both' told '^TARE_ALERT_AFTER=0011abcdef$'
has 'the machine' told "^TARE_ALERT_MACHINE=$machine\$"
has 'and a sentence' told '^TARE_ALERT_TEXT=weight_subject/body: \+9\.95 %'
ok 'the next run' weigh 1100
hasnt 'does not tell again' err alert
ok 'its command ran once' test "$(grep -c '^TARE_ALERT_ID=' told)" -eq 1

# the exit status
suite <<'Y'
alerts: [{metric: weight, margin: 5%, fail: true}]
Y
exits 'a rule may fail the run' 1 weigh 1100
has 'as a rule of its own it tells' err '^alert: weight_subject/body weight'
exits 'and every run' 1 weigh 1100
hasnt 'that tells nothing new' err '^alert'
has 'says why' err '^error: 1 change in the history fails this run$'
echo ends | "$builddir/tests/cli/history_fill" .tare/tare.db shop >ends
has 'and is stored with the status it ended with' ends '^[0-9]+ 1$'
ok 'the newest first' test "$(head -n 1 ends | cut -d ' ' -f 2)" = 1
exits 'and the history' 1 "$TARE" history --metric weight --fail-on-change
change=$(sed -n 's/.*change \([0-9a-f]*\)$/\1/p' out)
ok 'it is accepted' "$TARE" history ack "$change" --reason 'heavier steel'
ok 'then nothing fails' weigh 1100
ok 'nor the history' "$TARE" history --metric weight --fail-on-change

# what a rule does not want to hear of
"$TARE" history unack "$change" -q
suite <<'Y'
alerts: [{metric: weight, margin: 20%, fail: true}]
Y
ok 'a larger margin' weigh 1100
suite <<'Y'
alerts: [{metric: weight, margin: 5%, direction: better, fail: true}]
Y
ok 'the other direction' weigh 1100
ok 'also in the history' "$TARE" history --metric weight --fail-on-change
suite <<'Y'
alerts: [{metric: weight, margin: 5%, min_segment: 20, fail: true}]
Y
ok 'a longer segment' weigh 1100
suite <<'Y'
alerts: [{match: 'nothing/*', metric: weight, fail: true}]
Y
ok 'another case' weigh 1100
ok 'of which the history fails nothing' "$TARE" history --metric weight \
    --fail-on-change

# commands that go wrong are said, and the run goes on
suite <<'Y'
alerts:
  - {metric: weigh?, margin: 5%, run: 'echo no mail; exit 3'}
  - {metric: we*, margin: 5%, run: [./nowhere]}
  - {match: 'weight_subject/b*', metric: weight, margin: 5%, direction: both,
     run: 'kill -9 $$'}
Y
ok 'commands that fail' weigh 1100
has 'are said' err "^warning: the command of alert '\* weigh\? worse 5%': .*3: no mail$"
has 'those that are not there' err "alert '\* we\* worse 5%': .*nowhere"
has 'and those that are killed' err "alert 'weight_subject/b\* weight both 5%': .*(9|KILL|ill)"
suite <<'Y'
alerts: [{metric: weight, margin: 5%, fail: perhaps}]
Y
exits 'a word that is none' 2 weigh 1100
has 'has its place' err 'tare\.yaml:3:45: error: .*true'

# The duration of a test is a series like any other: ten runs of 10 ns, which no
# real one reaches, two of a millisecond, and one that is real.
cp "$builddir/tests/cli/test_subject" subject
suite <<'Y'
alerts:
  - {match: 'subject/*', metric: duration, margin: 50%, fail: true}
Y
durations() { # SLOW
    awk -v slow="$1" -v m="$machine" 'BEGIN {
        for (i = 1; i <= 12; i++) {
            ns = 10 + i % 2 + (i > 10 ? slow : 0)
            printf "tests 2026-01-%02dT10:00:00Z %04dabcdef - %s\n", i, i, m
            printf "test subject/passes[n=1] passed %d -\n", ns
        }
    }' | "$builddir/tests/cli/history_fill" .tare/tare.db shop || exit 2
}
rm -rf .tare
durations 1000000
exits 'a test that became slow fails the run' 1 "$TARE" test --progress none \
    -k '*passes[[]n=1]' subject
has 'though it passed' out '^1 passed, 0 failed, 0 skipped$'
has 'as tare.yaml wants' err \
    '^alert: subject/passes\[n=1\] duration: .* between 0010abcd and 0011abcd'
ok 'the history shows it' "$TARE" history --metric duration 'subject/passes*'
has 'as a change' out '1 change: 1 to look at'
exit $failed
