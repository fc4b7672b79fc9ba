#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every fuzz target over its corpus; a folder of the corpus names its target.
. "$srcdir/tests/tap.sh"
cd_back=$PWD
plan "$(ls "$srcdir/tests/fuzz/corpus" | wc -l)"
for corpus in "$srcdir"/tests/fuzz/corpus/*; do
    name=${corpus##*/}
    mkdir -p "$cd_back/$name" && cd "$cd_back/$name" || exit 2
    ok "fuzz_$name takes its corpus" "$builddir/tests/fuzz/fuzz_$name" "$corpus"/*
done
exit $failed
