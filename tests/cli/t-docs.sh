#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of the documents: docs/commands.md is run block by block; every
# whole suite anywhere is checked; every command line of tare that stands in a
# page is one that tare understands.
. "$srcdir/tests/tap.sh"
plan 9
PATH=$builddir:$PATH

# blocks FILE: writes block1.sh, block2.yaml, ... in the order of the page
blocks() {
    awk '
    /^```/ && inside { inside = 0; close(file); next }
    /^```/ { inside = 1; n++; kind = substr($0, 4)
             file = sprintf("block%02d.%s", n, kind == "" ? "text" : kind)
             printf "" >file; next }
    inside { print >file }' "$1"
}

# --- docs/commands.md, run
mkdir page && cd page || exit 1
blocks "$srcdir/docs/commands.md"
sed -i 's/20000/200/' block* # numbers to sort
: >../failed
for block in block*; do
    case $block in
    *.yaml) cp "$block" tare.yaml && rm -rf .tare baselines ;;
    *.sh)
        # A reader has more time than this test: one process of each case.
        sed -E -e 's/ --budget [0-9]+s//' \
            -e 's/^tare (run|compare|gate|baseline save)/& --budget 1ms/' \
            "$block" >lines
        while read -r line; do
            sh -c "$line" >out 2>err </dev/null || {
                echo "$block: exit status $?: $line" >>../failed
                sed 's/^/  /' err >>../failed
            }
        done <lines ;;
    esac
done
cd ..
cp failed out
: >err
ok 'docs/commands.md: every line works' test ! -s failed
ok 'and there were many' test "$(cat page/block*.sh | wc -l)" -ge 20

# --- whole suites
: >failed
suites=0
for page in "$srcdir"/docs/*.md "$srcdir/README.md" "$srcdir"/examples/*.md; do
    rm -rf suites.d && mkdir suites.d && cd suites.d || exit 1
    blocks "$page"
    for block in block*.yaml; do
        grep -qs '^tare: 1$' "$block" || continue
        suites=$((suites + 1))
        "$TARE" check "$block" >../out 2>&1 </dev/null ||
            { echo "$page"; cat ../out; } >>../failed
    done
    cd ..
done
cp failed out
ok 'every suite in a page is right' test ! -s failed
ok 'there are some' test "$suites" -ge 4

# The manual's literal displays that are suites.
awk '/^\.Bd -literal/ { inside = 1; n++; file = "man" n ".yaml"; next }
     /^\.Ed/ { inside = 0; close(file) }
     inside { gsub(/\\&/, ""); print >file }' "$srcdir/man/tare.yaml.5"
: >failed
for suite in man*.yaml; do
    "$TARE" check "$suite" >>failed 2>&1 </dev/null || echo "$suite" >>failed
done
grep -q error failed && cp failed out
ok 'every suite of tare.yaml(5) is right' sh -c '! grep -q error failed'
ok 'there are two and more' test "$(ls man*.yaml | wc -l)" -ge 2

# --- command lines: nothing named in them is there, so that all that can be
# wrong at once is the words themselves
rm -rf lines.d && mkdir lines.d && cd lines.d || exit 1
for page in "$srcdir"/docs/*.md "$srcdir/README.md" "$srcdir"/examples/*.md \
    "$srcdir"/examples/*/*.md; do
    rm -f block*
    blocks "$page"
    cat block*.sh 2>/dev/null | sed 's/#.*//' |
        grep -E '^(\.\./)*(\./)?(build/)?tare [a-z]' |
        grep -Ev '[|;&<>$`(]|\\$|serve|selftest|doctor|scale' |
        sed 's/^[^ ]*tare /tare /'
done | sort -u >../lines
cd ..
"$TARE" completion bash >/dev/null 2>&1
# Options that tare knows, with those of each command.
: >failed
while read -r line; do
    mkdir -p nowhere
    (cd nowhere && sh -c "timeout 20 $line") >out 2>err </dev/null
    grep -E "unknown (option|command)|does not take|no such option|needs a value|is no number" err |
        sed "s|^|$line: |" >>failed
done <lines
cp failed out
ok 'every command line in a page is understood' test ! -s failed
ok 'there are many' test "$(wc -l <lines)" -ge 15

# --- and this test can fail
(cd nowhere && "$TARE" run --bugdet 1s) >out 2>err
has 'a wrong option is found so' err 'unknown option'
exit $failed
