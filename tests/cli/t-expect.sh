#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ratios that tare.yaml expects between cases, and categories by tag.
. "$srcdir/tests/tap.sh"
plan 17

# Its cases say their times: 500 and 2000 ns, 1 % more at most.
cp "$builddir/tests/cli/gate_old" bench
cat >tare.yaml <<'EOF'
tare: 1
tags: {unit: soon over, slow: not so soon}
programs: [{path: bench}]
expect:
  - {ratio: [bench/extra, bench/steady], between: [0.01, 0.5]}
measure: {invocations: 6}
EOF
run() { "$TARE" run -k bench/extra -k bench/steady "$@"; }
ok 'a ratio that holds' run
has 'is shown' out '^bench/extra : bench/steady: 0\.25[0-9]*, .*; expected between 0\.01 and 0\.5: holds$'
has 'tags are summed up' out '^unit +1 +2\.0[0-9]+ us +2\.0[0-9]+ us'
has 'and all' out '^\(all\) +2 +2\.5[0-9]+ us +1\.0[0-9]+ us'
"$TARE" baseline save main >out 2>err

sed -i 's/0\.01, 0\.5/0.9, 1.5/' tare.yaml
exits 'one that does not' 1 run
has 'is broken' out 'between 0\.9 and 1\.5: broken$'
run --format json >out 2>err
has 'in JSON too' out '"outcome": "broken"'
ok 'of one case alone nothing is said' "$TARE" run -k bench/steady
has 'but that' out 'not both measured; .*: unknown$'

# Another program, so a gate measures it; these two cases are the same in it.
cp "$builddir/tests/cli/gate_slow" bench
exits 'a gate with a broken ratio fails' 1 "$TARE" gate -k bench/extra \
    -k bench/steady
has 'and names it' out '^expect:bench/extra:bench/steady +regressed'
has 'with its bounds' out 'expected between 0\.9 and 1\.5'
hasnt 'nothing else' out '^bench.* regressed'

sed -i 's/ratio: \[bench.extra,/ratio: [bench\/extar,/' tare.yaml
exits 'an id that no case has' 2 "$TARE" run
has 'has a place' err '^tare.yaml:5:5: error: .*extar'
has 'and a remedy' err "help: did you mean 'bench/extra'"
exits 'for a gate too' 2 "$TARE" gate
exit $failed
