#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ratios that tare.yaml expects between cases, and categories by tag.
. "$srcdir/tests/tap.sh"
plan 16

cat >tare.yaml <<'EOF'
tare: 1
tags: {short: soon over, long: not so soon}
commands:
  - {name: short, run: [sleep, '0.002'], tags: short}
  - {name: long, run: [sleep, '0.02'], tags: long}
expect:
  - {ratio: [short, long], between: [0.01, 0.5]}
measure: {invocations: 12, samples: 2, warmup: 0, sample_time: 2ms, budget: 1m}
gate: {alpha: 20%, margin: 60%}
EOF
ok 'a ratio that holds' "$TARE" run
has 'is shown' out '^short : long: 0\.[0-9]+, .*; expected between 0\.01 and 0\.5: holds$'
has 'tags are summed up' out '^long +1 +[0-9.]+ ms +[0-9.]+ ms'
has 'and all' out '^\(all\) +2 +[0-9.]+ ms +[0-9.]+ ms'
"$TARE" baseline save main >out 2>err

sed -i 's/0\.01, 0\.5/0.9, 1.5/' tare.yaml
exits 'one that does not' 1 "$TARE" run
has 'is broken' out 'between 0\.9 and 1\.5: broken$'
"$TARE" run --format json >out 2>err
has 'in JSON too' out '"outcome": "broken"'
ok 'of one case alone nothing is said' "$TARE" run -k long
has 'but that' out 'not both measured; .*: unknown$'

# Both commands changed, so a gate measures them; no margin is passed.
sed -i "s/'0.002'/'0.0021'/; s/'0.02'/'0.021'/" tare.yaml
exits 'a gate with a broken ratio fails' 1 "$TARE" gate --budget 30s
has 'and names it' out '^expect:short:long +regressed'
has 'with its bounds' out 'expected between 0\.9 and 1\.5'

sed -i 's/ratio: \[short,/ratio: [shrot,/' tare.yaml
exits 'an id that no case has' 2 "$TARE" run
has 'has a place' err '^tare.yaml:7:5: error: .*shrot'
has 'and a remedy' err "help: did you mean 'short'"
exits 'for a gate too' 2 "$TARE" gate
exit $failed
