#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/tutorial.md holds what it says: its files are those of examples/words,
# they compile, and its suite is right.
. "$srcdir/tests/tap.sh"
plan 10
page=$srcdir/docs/tutorial.md

# block LANGUAGE REGEX: the first code block of the page whose text matches
block() {
    awk -v language="$1" -v regex="$2" '
    /^```/ && inside { inside = 0; if (wanted && text ~ regex) { printf "%s", text; exit } }
    /^```/ && !inside && !closing { inside = 1; wanted = $0 == "```" language; text = ""; next }
    inside { text = text $0 "\n" }' "$page"
}

block c 'size_t count_words\(const char \*text, size_t size\);' >words.h
block c 'static uint32_t hash' >words.c
block c 'TARE_BENCH' >words_bench.c
block yaml 'suite: words' >tare.yaml
for file in words.h words.c words_bench.c; do
    sed 1d "$srcdir/examples/words/$file" >expected
    same "$file is the example's" expected "$file"
done
ok 'the suite is right' "$TARE" check tare.yaml
if nm "$builddir/.libs/libtare.a" | grep -Eq '__(asan|tsan|ubsan)_'; then
    for i in 1 2 3 4 5; do skip 'compiled' 'libtare.a is instrumented'; done
else
    ok 'compiles' ${CC:-cc} -O2 -Wall -Wextra -Werror -o words_bench words.c \
        words_bench.c "-I$srcdir/bench" "$builddir/.libs/libtare.a" -pthread
    ok 'runs by itself' ./words_bench
    has 'and shows the benchmark' out '^# count\[n=100000\] .*B/s'
    ok 'its cases are listed' "$TARE" list
    has 'with their tags' out 'words_bench/count\[n=1000\] .* text '
fi
# every command of the page is one that there is
grep -oE '^tare [a-z]+' "$page" | sort -u | while read -r _ command; do
    "$TARE" help "$command" >/dev/null 2>&1 || echo "$command"
done >unknown
same 'its commands exist' unknown /dev/null
exit $failed
