#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Stores, documents and baselines travel between machines without duplicates.
. "$srcdir/tests/tap.sh"
plan 33
fill() { "$builddir/tests/cli/history_fill" "$@" || exit 2; }
{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml

fill .tare/tare.db shop <<'R'
run 2026-01-01T10:00:00Z aaaa1111 main m1
case sort/qsort time ns lower 1000 1001 1002 1003 1004 1005
run 2026-01-02T10:00:00Z bbbb2222 main m1
case sort/qsort time ns lower 1000 1001 1002 1003 1004 1005
R
fill other.db shop <<'R'
run 2026-01-03T10:00:00Z cccc3333 main m1
case sort/qsort time ns lower 1000 1001 1002 1003 1004 1005
R

ok 'another store is merged' "$TARE" history merge other.db
has 'its run is added' out '^other\.db: 1 run added, 0 here already$'
ok 'merging again' "$TARE" history merge other.db
has 'changes nothing' out '^other\.db: 0 runs added, 1 here already$'
ok 'all are in the history' "$TARE" history sort/qsort
has 'in order' out '^cccc3333 +2026-01-03'
exits 'a missing store' 5 "$TARE" history merge nowhere.db
exits 'a text is no store' 2 "$TARE" history merge tare.yaml

ok 'runs are exported' "$TARE" history export --since 2026-01-02 part.db
has 'as many as asked for' out '^exported 2 runs to part\.db$'
exits 'never over a file' 2 "$TARE" history export part.db
ok 'an exported store' "$TARE" import tare part.db
has 'is known' out '^part\.db: 0 runs added, 2 here already$'
ok 'in an empty one' "$TARE" import tare --db new.db part.db
has 'it is new' out '^part\.db: 2 runs added, 0 here already$'
ok 'it has a history' "$TARE" history --db new.db sort/qsort
has 'with both' out '^bbbb2222 '
hasnt 'and nothing else' out '^aaaa1111 '

cat >run.json <<'J'
{"schema": "tare/run/1", "suite": "shop", "created": "2026-01-04T10:00:00Z",
 "revision": "dddd4444", "branch": "main", "machine": {"key": "m1"},
 "cases": [{"id": "sort/qsort", "status": "measured", "metrics": {"time":
  {"unit": "ns", "better": "lower", "invocations": [[1000, 1002], [1001]]}}}]}
J
ok 'a document is imported' "$TARE" import tare run.json
has 'as a run' out '^run\.json: 1 run added, 0 here already$'
ok 'once' "$TARE" import tare run.json
has 'however often' out '^run\.json: 0 runs added, 1 here already$'
ok 'it is in the history' "$TARE" history sort/qsort
has 'with its revision' out '^dddd4444 +2026-01-04 +1\.001 us'
sed 's/\[1001\]/["x"]/' run.json >bad.json
exits 'a broken one is refused' 2 "$TARE" import tare bad.json
has 'with its place' err '^bad\.json:4:68: error: expected a number or null'
echo '{"schema": "tare/list/1"}' >list.json
exits 'so is a list' 2 "$TARE" import tare list.json

ok 'a run becomes a baseline' "$TARE" baseline bless main last
ok 'a baseline is imported' "$TARE" import tare --db new.db baselines/main.yaml
has 'as a run' out '^baselines/main\.yaml: 1 run added'
ok 'the document it came from' "$TARE" import tare --db new.db run.json
has 'holds the same numbers' out '^run\.json: 0 runs added, 1 here already$'
exits 'nothing of the kind' 2 "$TARE" import tare tare.yaml
exit $failed
