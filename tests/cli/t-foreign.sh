#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Programs of other harnesses, from kind: to the exit status.  Small scripts
# write what the harnesses wrote when tests/data/foreign was recorded.
# `make check-slow-foreign` runs the harnesses themselves.
. "$srcdir/tests/tap.sh"
plan 58
data=$srcdir/tests/data/foreign
export data
mkdir bin

# --- googletest
cat >gt <<'EOF'
#!/bin/sh
for word; do
    case $word in
    --gtest_output=json:*) out=${word#*json:} ;;
    --gtest_filter=*) filter=${word#*=} ;;
    --gtest_list_tests) list=1 ;;
    esac
done
[ -z "$list" ] || exec cp "$data/googletest-list.json" "$out"
echo "$filter runs"
case $filter in
Math.Adds) [ -z "$QUIT" ] || exit 0 ;;
Math.Crashes) kill -ABRT $$ ;;
esac
cp "$data/googletest-report.json" "$out"
case $filter in Math.Fails | *IsSmall/2) exit 1 ;; esac
EOF
chmod +x gt
cat >tare.yaml <<'EOF'
tare: 1
programs:
  - {path: gt, kind: googletest}
EOF
ok 'GoogleTest: the cases' "$TARE" list
has 'with their places' out '^gt/Math.Adds +test +googletest.cc:5$'
has 'and parameters' out '^gt/Few/Param.IsSmall/2 +test '
exits 'GoogleTest: the tests' 1 "$TARE" test -r fsxc
has 'a failure has its place and words' out '^failed gt/Math.Fails: googletest.cc:6: Expected equality'
has 'what it printed is shown' out '^ +Math.Fails runs$'
has 'a disabled test is skipped' out '^skipped gt/Math.DISABLED_Later: disabled$'
has 'and one that says so' out '^skipped gt/Math.Skips: '
has 'a crash is that of one test' out '^crashed gt/Math.Crashes: ended by signal 6'
has 'and no other is lost' out '^5 passed, 3 failed, 2 skipped$'
exits 'what failed the last time' 1 "$TARE" test --last-failed -q
has 'is run again' out '^0 passed, 3 failed, 0 skipped$'
exits 'leaving in the middle of a test' 1 env QUIT=1 "$TARE" test -k '*Adds'
has 'is no success' out 'exit status 0 and without a report'
ok 'one case for a debugger' "$TARE" debug gt/Math.Adds --with 'env A=b'
has 'is the plain command' out '^Math.Adds runs$'
exits 'JUnit has the outcomes' 1 "$TARE" test --format junit
has 'with names' out 'name="gt/Math.Fails"|name="Math.Fails"'
ok 'a kind on the command line' "$TARE" test --kind googletest ./gt -k '*Adds'
has 'needs no suite' out '^1 passed'

# --- what is not of its kind
printf 'tare: 1\nprograms:\n  - {path: "/bin/true", kind: googletest}\n' >no.yaml
exits 'another program' 2 "$TARE" list -f no.yaml
has 'is refused where it is named' err '^no.yaml:3:5: error: .*true.* does not answer as a program of kind googletest'
has 'with a remedy' err '^help: .*kind'
exits 'a kind for nothing' 2 "$TARE" list --kind ctest
has 'is refused' err -- '--kind is of programs'

# --- ctest: its tests run for real, in this folder
mkdir -p project/b
cat >bin/ctest <<'EOF'
#!/bin/sh
sed "s|/project/b|$PWD|" "$data/ctest-list.json"
EOF
cat >bin/python3 <<'EOF'
#!/bin/sh
for word; do
    case $word in
    --tare-report=*) out=${word#*=} ;;
    --collect-only) list=1 ;;
    *::*) node=${word#*::} ;;
    esac
done
[ -z "$list" ] || exec cp "$data/pytest-$LIST.json" "$out"
node=${node#TestForm::}
echo "$node runs"
case $node in test_crash) kill -SEGV $$ ;; *'[1'* | *'[2'*) node=test_good ;; esac
node=${node%%'['*}
cp "$data/pytest-${node#test_}.json" "$out"
case $node in test_bad | test_strict | test_param | test_setup | test_teardown) exit 1 ;; esac
EOF
chmod +x bin/*
PATH=$PWD/bin:$PATH
LIST=list
export PATH LIST
printf 'tare: 1\nprograms:\n  - {path: project/b, kind: ctest, name: c}\n' >tare.yaml
ok 'CTest: the cases' "$TARE" list -m 'unit'
has 'labels are tags' out '^c/skip +test +slow-one,unit '
exits 'CTest: the tests' 1 "$TARE" test -r fsx
has 'are judged as CTest judges' out '^7 passed, 3 failed, 2 skipped$'
has 'by an expression' out "^failed c/fre: its output matches 'ERROR'"
has 'by a status' out '^skipped c/skip: exit status 42'
has 'what is not built has failed' out '^failed c/missing: ctest does not find its program'
ok 'a fixture is set up and cleaned up' "$TARE" test -k c/uses
ok 'each time' test ! -e project/b/made

# --- pytest
printf 'tare: 1\ntags: {slow: it is}\nprograms:\n  - {path: tests, kind: pytest}\n' >tare.yaml
mkdir tests
ok 'pytest: the cases' "$TARE" list -m slow
has 'marks are tags' out '^tests/test_recorded.py::test_param\[1-x y\] +test +slow +tests/test_recorded.py:37$'
exits 'pytest: the tests' 1 "$TARE" test -r fsxc
has 'a failure in a set-up' out 'test_setup: tests/test_recorded.py:45: set-up: RuntimeError: no database'
has 'one that was expected' out '^xfailed .*::test_known: bug 7: assert 0$'
has 'a crash of one' out '^crashed .*::test_crash: '
has 'loses no other' out '^4 passed, 6 failed, 2 skipped$'
exits 'what cannot be collected' 2 env LIST=broken "$TARE" test
has 'is one error' err "tare.yaml:4:5: error: pytest cannot collect 'broken/test_x.py': ModuleNotFoundError"

# --- a suite in another folder, and a PATH of its own
mkdir -p other/tools && cp gt other/tools/gt && cp bin/python3 other/tools/python3
mkdir other/sub
printf 'tare: 1\nprograms:\n  - {path: tools/gt, kind: googletest}\n  - {path: sub, kind: pytest, env: {PATH: "%s:/usr/bin:/bin"}}\n' "$PWD/other/tools" >other/tare.yaml
rm bin/python3
ok 'a program is meant from the folder of the suite' "$TARE" test -f other/tare.yaml -k '*Adds' -k '*test_good'
has 'and runs there' out '^2 passed'
ok 'a debugger finds it too' "$TARE" debug -f other/tare.yaml sub/test_recorded.py::test_good
has 'in its own PATH' out '^test_good runs$'

# --- TAP
mkdir t
printf '#!/bin/sh\necho 1..2; echo ok 1; echo not ok 2 - on tuesdays; exit 1\n' >t/bad
printf '#!/bin/sh\necho 1..1; echo ok 1\n' >t/good
printf 'no program\n' >t/README
chmod +x t/bad t/good
exits 'TAP: a folder of programs' 1 "$TARE" test --kind tap t
has 'names what failed' out '1 of 2 failed: 2 - on tuesdays'
has 'each is one case' out '^1 passed, 1 failed, 0 skipped$'

# --- Google Benchmark
cat >gb <<'EOF'
#!/bin/sh
name=BM_Parse/64
for word; do
    case $word in
    --benchmark_out=*) out=${word#*=} ;;
    --benchmark_list_tests) echo BM_Parse/64; echo BM_Off; exit ;;
    *BM_Off*) name=BM_Off off=', "error_occurred": true, "error_message": "no device"' ;;
    esac
done
cat >"$out" <<REPORT
{"context": {"executable": "gb"}, "benchmarks": [
 {"name": "$name", "run_name": "$name", "run_type": "iteration",
  "iterations": 1000, "real_time": 2.5, "cpu_time": 2, "time_unit": "us",
  "items_per_second": 5e5, "hits": 42$off}]}
REPORT
EOF
chmod +x gb
printf 'tare: 1\nprograms:\n  - {path: gb, kind: google-benchmark}\nmeasure: {invocations: 2, samples: 4}\n' >tare.yaml
exits 'Google Benchmark: the benchmarks' 3 "$TARE" run -v --budget 300ms
has 'their time in our unit' out '^gb/BM_Parse/64 +2.500 us'
has 'and their counters' out 'items_per_second 500.0 k/s.*hits 42|hits 42.*items_per_second 500.0 k/s'
has 'an error is the one that it said' out 'failed: no device'
cp gb gb-same
ok 'old and new that are the same' "$TARE" compare --kind google-benchmark gb gb-same
has 'need no measuring' out '^2 unchanged: the same program'
sed 's/BM_Parse/BM_Read/' gb >gb-other
chmod +x gb-other
exits 'a benchmark that the old one lacks' 5 "$TARE" compare -k '*Read*' --kind google-benchmark gb gb-other
has 'is new' out '^gb-other/BM_Read/64 +new'
exit $failed
