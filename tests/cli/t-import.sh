#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare import: files of other harnesses in the history and in baselines.  What
# each format becomes is tested by test_import; here is what the command does.
. "$srcdir/tests/tap.sh"
plan 69
data=$srcdir/tests/data/import
gbench=$data/google-benchmark

import() { "$TARE" import "$@"; }

# --- a run, once
ok 'a file is imported' import auto "$gbench/bencher-two.json"
has 'says what it took it for' out 'bencher-two\.json: google-benchmark, 2 benchmarks, 1 process each; run:1$'
ok 'it is in the history' "$TARE" history
has 'with its program' out '^a\.out/fib_20 +27\.46 us'
ok 'and a run' "$TARE" report run:1
has 'of that machine' out 'harness google-benchmark'
ok 'again' import google-benchmark "$gbench/bencher-two.json"
has 'it is there once' out 'run:1, here already$'

# --- wrong in one way each: one error, nothing stored
printf '{"benchmarks": [{"name": "a", "run_type": "iteration",\n"real_time": -1, "cpu_time": 1, "time_unit": "ns"}]}\n' >negative.json
head -c 700 "$gbench/bencher-two.json" >short.json
cp "$gbench/test1_run2.json" good.json
exits 'a negative time' 2 import auto good.json negative.json
has 'has its place' err "^negative\.json:2:14: error: 'real_time' cannot be negative: -1"
exits 'a file cut short' 2 import auto good.json short.json
has 'has its place' err '^short\.json:[0-9]+:[0-9]+: error: '
has 'and a remedy' err '^help: .*cut short'
: >empty.json
exits 'an empty file' 2 import auto empty.json
exits 'a file of another kind' 2 import auto "$srcdir/configure.ac"
has 'is said to be that' err 'not a result file of any harness'
exits 'a file that is not there' 2 import auto good.json nowhere.json
exits 'nothing but aggregates of no use' 5 sh -c "echo '{\"benchmarks\": [{\"name\": \"x\", \"run_type\": \"aggregate\"}]}' >x.json; '$TARE' import google-benchmark x.json"
ok 'nothing of all this' "$TARE" history export now.db
has 'was stored' out '^exported 1 run '

# --- the command line
exits 'no such format' 2 import google-benchmarck good.json
has 'has a nearest' err "^help: did you mean 'google-benchmark'"
exits 'a file instead' 2 import good.json good.json
has 'is told where it belongs' err '^help: the format comes first'
exits 'a date that is none' 2 import auto --time yesterday good.json
exits 'a baseline twice' 2 import auto --baseline a -o b.yaml good.json
exits '--append to nothing' 2 import auto --append good.json

exits 'all machines' 2 import auto --machine all good.json

# --- a baseline
ok 'a baseline' import auto --baseline old --machine m1 "$gbench/test1_run1.json"
ok 'is one' "$TARE" check baselines/old.yaml
ok 'a file of another' import auto -o new.yaml --machine m1 good.json
ok 'one process decides nothing' "$TARE" compare --progress none old new.yaml
has 'and it is said why' out 'too few invocations'
# What compare.py of Google Benchmark says of these two files: +1.0, +0.1, -0.99.
has 'changes are those of its own tool' out 'BM_2xSlower +inconclusive +\+100\.0 %'
has 'each' out 'BM_10PercentSlower +inconclusive +\+10\.00 %'
has 'of them' out 'BM_100xFaster +inconclusive +-99\.0 %'
ok 'of an unknown machine' import auto -o new.yaml good.json
has 'which is said' out 'machine unknown$'
has 'with a remedy' out '^help: .*--machine here'
exits 'nothing can be said' 5 "$TARE" compare --progress none old new.yaml

ok 'a baseline grows' import auto --append -o grown.yaml --machine m1 "$data/pyperf/telco.json"
ok 'by an occasion' import auto --append -o grown.yaml --machine m1 "$data/pyperf/mult_list_py37.json"
has 'each' out 'saved grown\.yaml: 4 benchmarks, 2 occasions'
exits 'not by one that is there' 2 import auto --append -o grown.yaml --machine m1 "$data/pyperf/telco.json"
ok 'what is printed' sh -c "printf 'BenchmarkA 1 3 ns/op\n' | '$TARE' import go-bench -"
exits 'is read like a file' 2 sh -c "printf 'BenchmarkA 1 x ns/op\n' | '$TARE' import go-bench -"
has 'with its place' err '^standard input:1:14: error: not a number'

# --- processes of one sitting
for i in 1 2 3 4 5 6 7 8 9 10; do
    for side in old new; do
        [ $side = old ] && time=1000 || time=1300
        printf '{"benchmarks": [{"name": "f", "run_type": "iteration", "real_time": %d.%d, "cpu_time": 1, "time_unit": "us"}]}' \
            $((time + i * 7 % 10)) "$i" >$side$i.json
    done
done
ok 'files of several processes' import auto --one-occasion --machine m1 --time 2026-01-01 --program p --baseline old old?.json old10.json
has 'are one occasion' out '^10 files: google-benchmark, 1 benchmark, 10 processes; run:'
import auto --one-occasion --machine m1 --time 2026-01-02 --program p -o new.yaml new?.json new10.json >out 2>err
exits 'a slowdown is found in stored numbers' 1 "$TARE" compare --progress none old new.yaml
exits 'without it the same id is an error nowhere' 0 import auto -o apart.yaml --machine m1 old1.json old2.json
ok 'files of two runs have their own' import auto -o two.yaml --machine m1 "$data/pyperf/mult_list_py37.json" "$data/pyperf/telco.json"
has 'occasions' out 'saved two\.yaml: 4 benchmarks, 2 occasions$'
exits 'which are not one' 2 import auto --one-occasion "$data/pyperf/mult_list_py37.json" "$data/pyperf/telco.json"
has 'as is said' err 'the machine is another one'
exits 'nor are two harnesses' 2 import auto --one-occasion "$data/go-bench/bencher-five.txt" "$data/jmh/bencher-six.json"

# --- a benchmark a file: one occasion
cp -r "$data/criterion-rs" criterion && chmod -R u+w criterion
ok 'a folder of criterion' import criterion-rs -o rust.yaml criterion/Fibonacci2/Iterative/20/base/raw.csv criterion/Fibonacci/Iterative/base/sample.json
has 'is one occasion' out 'saved rust\.yaml: 2 benchmarks, 1 occasion$'
exits 'twice the same is said' 2 import criterion-rs criterion/Fibonacci/Iterative/base/sample.json ./criterion/Fibonacci/Iterative/base/sample.json
has 'with a remedy' err '^help: .*--one-occasion'
exits 'changes are no times' 2 import criterion-rs criterion/Fibonacci2/Iterative/20/change/estimates.json

# --- what cannot be compared, and what can
csv() { echo 'name,metric,unit,invocation,value'; for i in 1 2 3 4 5 6 7 8 9 10; do echo "hyperfine/a,time,ms,$i,$1$i"; done; }
csv 10. >a.csv
printf '{"results": [{"command": "a", "times": [1, 2, 3, 4, 5, 6, 7]}]}' >a.json
printf '{"results": [{"command": "a", "median": 1}]}' >median.json
import csv --machine m1 -o csv.yaml a.csv >out 2>err
import hyperfine --machine m1 -o hf.yaml a.json >out 2>err
import hyperfine --machine m1 -o median.yaml median.json >out 2>err
has 'a summary is said to be one' out 'only the median; run:'
exits 'two harnesses' 5 "$TARE" compare --progress none csv.yaml hf.yaml
has 'are incomparable' out 'measured or summed up differently'
exits 'a median and samples' 5 "$TARE" compare --progress none --format json median.yaml hf.yaml
has 'are incomparable' out '"reason": "method"'
ok 'here' import csv --machine here --baseline here --time 2026-01-01 a.csv
ok 'is the machine of the history' "$TARE" history --machine here
has 'with its case' out '^hyperfine/a'
exit $failed
