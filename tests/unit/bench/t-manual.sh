#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare.h(3) names every public name of tare.h, every option of a case and of a
# program run by itself, and is free of mistakes that mandoc sees.
. "$srcdir/tests/tap.sh"

plan 6
manual=$srcdir/man/tare.h.3
header=$srcdir/bench/tare.h

# all 'what': every line of ./names is a word of the manual
all() {
    : >out
    : >err
    while read -r name; do
        grep -Eq -- "(^|[^A-Za-z_])$name([^A-Za-z_]|\$)" "$manual" ||
            echo "$name is not in the manual" >>out
    done <names
    if [ -s names ] && ! [ -s out ]; then pass "$1"; else fail "$1"; fi
}

grep -oE '^#define TARE_[A-Z_]*[A-Z]\b' "$header" | sed 's/#define //' |
    grep -Evx 'TARE_(H|API)' | sort -u >names
all 'every macro'
grep -oE '\btare_[a-z_]*[a-z]\(' "$header" | tr -d '(' | sort -u >names
all 'every function'
grep -oE 'TARE_[A-Z_]*[A-Z](,| = 1,|$| +/\*)' "$header" | grep -oE '^[A-Z_]+' |
    grep -Ev '^TARE_(KIND.*|H)$' | sort -u >names
all 'every constant'
sed -n 's/^ *TARE_OPTION_(.*[ *]\([a-z_]*[a-z]\)).*/\\.\1/p' "$header" |
    sort -u >names
all 'every option of a case'
"$builddir/tests/unit/bench/subject" --help |
    sed -n 's/^  -\(-[a-z-]*\).*/Fl \1/p' >names
all 'every option of a program'
if command -v mandoc >/dev/null; then
    mandoc -T lint "$manual" 2>&1 | grep -v 'referenced manual not found' |
        grep -v 'outdated mandoc.db' >out
    : >err
    if [ -s out ]; then fail 'mandoc finds nothing'; else
        pass 'mandoc finds nothing'; fi
else
    skip 'mandoc finds nothing' 'mandoc is not installed'
fi
exit $failed
