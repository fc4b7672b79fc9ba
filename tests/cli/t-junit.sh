#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# JUnit XML of every outcome fits the schema that its readers share, and TAP of
# the same run has the plan, the directives and the details of TAP 14.
. "$srcdir/tests/tap.sh"
plan 16
cp "$builddir/tests/cli/test_subject" subject
ASAN_OPTIONS=handle_segv=0:handle_abort=0:${ASAN_OPTIONS:-}
TARE_DEBUGGER= TEST_NOTES=$PWD/notes
export ASAN_OPTIONS TARE_DEBUGGER TEST_NOTES

fits() { # 'what' FILE
    if command -v xmllint >/dev/null; then
        ok "$1" xmllint --noout --nonet --schema \
            "$srcdir/tests/data/junit.xsd" "$2"
    else
        skip "$1" 'xmllint is not installed'
    fi
}
for golden in test verify run gate; do
    fits "hostile names: $golden" "$srcdir/tests/golden/$golden-junit.xml"
done
exits 'every outcome' 1 "$TARE" test --progress none --timeout 500ms \
    -m 'good or bad or leak' --format junit -o junit.xml subject
fits 'fits the schema' junit.xml
sed -n 2p junit.xml >counts
has 'counts are right' counts \
    'tests="12" failures="1" errors="4" skipped="1"'
ok 'nothing passes' "$TARE" test --progress none -k '*skips' --format junit \
    -o skipped.xml subject
fits 'and fits too' skipped.xml
sed 's/ tests="[0-9]*"//' junit.xml >broken.xml
if command -v xmllint >/dev/null; then
    exits 'the schema refuses what is broken' 3 xmllint --noout --nonet \
        --schema "$srcdir/tests/data/junit.xsd" broken.xml
else
    skip 'the schema refuses what is broken' 'xmllint is not installed'
fi

exits 'the same as TAP' 1 "$TARE" test --progress none --timeout 500ms \
    -m 'good or bad or leak' --format tap -o tap subject
sed -n '1,2p' tap | tr '\n' ' ' >head
has 'version and plan' head '^TAP version 14 1\.\.12 $'
ok 'numbered without a gap' test "$(sed -n 's/^\(not \)\{0,1\}ok \([0-9]*\) .*/\2/p' \
    tap | tr '\n' ' ')" = '1 2 3 4 5 6 7 8 9 10 11 12 '
has 'skipped with a reason' tap '^ok [0-9]+ - subject/skips # SKIP no moon'
has 'failed' tap '^not ok [0-9]+ - subject/fails$'
ok 'details are closed' test "$(grep -c '^  ---$' tap)" = \
    "$(grep -c '^  \.\.\.$' tap)"
[ "$failed" -eq 0 ]
