#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Reports of stored runs and of documents, hostile names included.
. "$srcdir/tests/tap.sh"
plan 69
{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml

exits 'without a store there is nothing' 5 "$TARE" report
"$builddir/tests/cli/history_fill" .tare/tare.db shop <<'R' || exit 2
run 2026-01-01T10:00:00Z aaaa1111 main m1
case sort/qsort time ns lower 1000 1001 1002 1003 1004 1005
case evil/<b>&"'|`::error::@all,=1+1 time ns lower 2000 2001 2002 2003 2004 2005
gate 2026-01-02T10:00:00Z bbbb2222 main m1
case sort/qsort time ns lower 1100 1101 1102 1103 1104 1105
verdict sort/qsort time regressed 1.1
verdict evil/<b>&"'|`::error::@all,=1+1 time regressed 1.2
verdict sort/merge time unchanged 1.001
tests 2026-01-03T10:00:00Z cccc3333 main m1
test unit/adds passed 1500000 -
test evil/<b>&"'|`::error::@all,=1+1 failed 2500000 wrong%0A::error::x
R

# the newest run are tests
ok 'the newest run is reported' "$TARE" report
has 'for people' out '^1 passed, 1 failed, 0 skipped$'
ok 'as TAP' "$TARE" report --format tap
has 'with its version' out '^TAP version 14$'
ok 'as JUnit' "$TARE" report --format junit -o tests.xml
has 'with a test' tests.xml '<testcase classname="unit" name="adds" time="0\.001500">'
has 'names are escaped' tests.xml 'name="&lt;b&gt;&amp;&quot;'
ok 'as CSV' "$TARE" report --format csv
has 'a line a test' out '^unit/adds,passed,1,0\.0015,'
has 'fields are quoted' out '^"evil/<b>&""'
ok 'as OpenMetrics' "$TARE" report --format openmetrics
has 'with its end' out '^# EOF$'
has 'labels are escaped' out 'id="evil/<b>&\\"'
ok 'as workflow commands' "$TARE" report --format github
has 'a failure is an error' out "^::error title=evil/<b>&\"'\|\`%3A%3Aerror%3A%3A@all%2C=1\+1 failed::wrong%250A::error::x$"
hasnt 'no line is a command of the name' out '^::error::'
ok 'as Markdown' "$TARE" report --format markdown
has 'with the sum' out '\*\*1 passed, 1 failed, 0 skipped\*\*'
ok 'as JSON' "$TARE" report --format json -o tests.json
has 'with its schema' tests.json '"schema": "tare/test/1"'
exits 'not as what it is not' 2 "$TARE" report --format yaml
has 'which is said' err "^tare: error: --format: .*openmetrics.* not 'yaml'"

ok 'an older run by its number' "$TARE" report run:2
has 'is a gate' out '^gate: 2 of 3 regressed: .*sort/qsort \+10\.0 %$'
ok 'relative to the last' "$TARE" report last~1 --format json -o gate.json
has 'the same' gate.json '"verdict": "regressed"'
ok 'as JUnit' "$TARE" report 2 --format junit
has 'a regression is a failure' out '<failure type="regressed" message="regressed \+10\.0 %'
ok 'as Markdown' "$TARE" report 2 --format markdown -o comment.md
has 'the verdict first' comment.md '^.+ \*\*regressed\*\* '
has 'changed cases in a table' comment.md '^\| `sort/qsort` \| regressed \| \+10\.0 % \| \+9\.00 % to \+11\.0 % at 95\.0 % '
has 'the rest folded' comment.md '<summary>1 unchanged</summary>'
has 'names in code' comment.md "^\| \`\` evil/<b>&\"'.\|\`::error::@all,=1\+1 \`\` \| regressed"
ok 'as workflow commands' "$TARE" report 2 --format github
has 'with a title' out '^::error title=sort/qsort regressed::\+10\.0 %25, '
ok 'as OpenMetrics' "$TARE" report 2 --format openmetrics
has 'with its ratio' out '^tare_ratio\{suite="shop",id="sort/qsort",metric="time"\} 1\.1$'
exits 'a comparison is no test' 2 "$TARE" report 2 --format tap
has 'which is said' err 'a comparison cannot be written as tap'

ok 'a run of benchmarks' "$TARE" report 1
has 'with its estimate' out '^sort/qsort +1\.002 us'
ok 'as JSON' "$TARE" report 1 --format json -o run.json
ok 'as CSV' "$TARE" report 1 --format csv
has 'a line a metric' out '^sort/qsort,measured,time,ns,1002\.'
ok 'as JUnit' "$TARE" report 1 --format junit
has 'measured has passed' out 'tests="2" failures="0" errors="0" skipped="0"'
ok 'as OpenMetrics' "$TARE" report 1 --format openmetrics
has 'with revision' out '^tare_run_info\{suite="shop",revision="aaaa1111",branch="main",machine="m1"'
ok 'as workflow commands' "$TARE" report 1 --format github
has 'nothing is wrong' out '^::notice title=tare run::2 measured, 0 failed, 0 skipped$'

for kind in tests gate run; do
    ok "a document of $kind" "$TARE" report $kind.json --format json
    same 'is reported as it was' out $kind.json
done

sed 's/unit\/adds/other\/adds/; s/1500000/1/' tests.json >shard.json
exits 'two are not one' 2 "$TARE" report tests.json shard.json
has 'unless merged' err '^help: --merge'
ok 'shards are merged' "$TARE" report --merge tests.json shard.json
has 'to one report' out '^2 passed, 2 failed, 0 skipped$'
exits 'not of several kinds' 2 "$TARE" report --merge tests.json gate.json
has 'which is told' err "'gate\.json': documents of several kinds"

exits 'a run that is not there' 5 "$TARE" report run:77
exits 'a file that is not there' 5 "$TARE" report nowhere.json
echo 1 >2
exits 'a run and a file' 2 "$TARE" report 2
has 'names both' err '^help: write run:2 for the run or \./2 for the file$'
exits 'no JSON' 2 "$TARE" report ./2
has 'tells its place' err '^\./2:1:1: error: this is no document'
exit $failed
