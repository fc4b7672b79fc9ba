#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The harnesses themselves under Tare, those that are installed: the programs
# that tests/data/foreign was recorded from, whose outcomes are known.
# Usage: srcdir=... builddir=... TARE=... tests/slow/foreign.sh
. "$srcdir/tests/tap.sh"
folder=$(mktemp -d "${TMPDIR:-/tmp}/tare-foreign.XXXXXX") && cd "$folder" || exit 2
trap 'rm -rf "$folder"' EXIT
data=$srcdir/tests/data/foreign
CXX=${CXX:-c++}
plan 18

skip_all() {
    n=$2
    while [ "$n" -gt 0 ]; do
        skip "$1" "not installed"
        n=$((n - 1))
    done
}

# built SOURCE PROGRAM LIBRARY...
built() {
    source=$1 program=$2
    shift 2
    # shellcheck disable=SC2086 # CXX may be two words
    $CXX -O1 -o "$program" "$source" "$@" -lpthread >build.log 2>&1
}

if built "$data/googletest.cc" gt -lgtest -lgtest_main; then
    exits 'GoogleTest' 1 "$TARE" test --kind googletest gt -r fs
    has 'passed, failed, skipped' out '^6 passed, 2 failed, 2 skipped$'
    has 'the place of a failure' out '^failed gt/Math.Fails: .*googletest.cc:6: Expected'
    has 'why one was skipped' out '^skipped gt/Math.Skips: no network$'
    exits 'a crash' 1 env CRASH=1 "$TARE" test --kind googletest gt -k '*Crashes'
    has 'is one test' out '^crashed gt/Math.Crashes'
else
    skip_all 'GoogleTest' 6
fi

mkdir project && cp "$data/ctest_recorded.cmake" project/CMakeLists.txt
if cmake -B project/b -S project >build.log 2>&1; then
    exits 'CTest' 1 "$TARE" test --kind ctest project/b
    has 'as CTest itself' out '^7 passed, 3 failed, 2 skipped$'
else
    skip_all 'CTest' 2
fi

mkdir tests && cp "$data/pytest_recorded.py" tests/test_recorded.py
python=
for each in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! "$each" -m pytest --version >/dev/null 2>&1 || python=$each
done
if [ -n "$python" ]; then
    case $python in /*) PATH=${python%/*}:$PATH ;; esac
    exits 'pytest' 1 "$TARE" test --kind pytest tests -r fsxc
    has 'passed, failed, skipped' out '^4 passed, 6 failed, 2 skipped$'
    has 'a fixture that fails' out 'set-up: RuntimeError: no database'
    has 'a crash' out '^crashed tests/test_recorded.py::TestForm::test_crash'
    echo 'import nosuch' >tests/test_more.py
    exits 'a file that cannot be imported' 3 "$TARE" list --kind pytest tests
    has 'is one error' err "No module named 'nosuch'"
else
    skip_all 'pytest' 6
fi

mkdir old
if built "$data/gbench.cc" gb -lbenchmark &&
    sed 's/range(0)); benchmark::Do/range(0)); memcpy(b, a, s.range(0)); benchmark::Do/' \
        "$data/gbench.cc" >slow.cc && built slow.cc old/gb -lbenchmark; then
    exits 'Google Benchmark' 0 "$TARE" run --kind google-benchmark gb -k '*Tiny' --budget 1s
    has 'is measured to fractions of a nanosecond' out '^gb/BM_Tiny +[0-9.]+ ns'
    exits 'old and new, interleaved' 1 "$TARE" compare --kind google-benchmark gb old/gb -k '*Copy/64'
    has 'differ' out '^gb/BM_Copy/64 +regressed'
else
    skip_all 'Google Benchmark' 4
fi
exit $failed
