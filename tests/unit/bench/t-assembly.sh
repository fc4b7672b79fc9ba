#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the keep macros and TARE_LOOP become: keep.c as assembly, with gcc and
# clang.  Only instructions are looked at, by class: store, multiply, add.
. "$srcdir/tests/tap.sh"

checks=15
plan $((4 * checks))

# Patterns of this machine's assembly.
case $(uname -m) in
x86_64)
    store='^mov[a-z]*[ 	]+[^,]*,[ 	]*[-0-9a-z_]*\('
    multiply='^(imul|mulsd|vmulsd|lea|sal|shl)'
    add='^(add|lea|vadd)'
    memory='\('
    branch='^j[a-z]+'
    most=4
    ;;
aarch64)
    store='^(st[rp]|stur)'
    multiply='^(f?mul|madd|lsl|add)'
    add='^f?add'
    memory='\['
    branch='^(b\.|cbn?z)'
    most=6
    ;;
esac

# Instructions between "# BEGIN $1" and "# END $1", one a line.
region() {
    sed -n "/# BEGIN $1\$/,/# END $1\$/p" out.s | instructions
}

instructions() {
    sed -e 's/^[ 	]*//' -e 's/[ 	]*#.*//' |
        grep -Ev '^(\.|//|@|$)|:$' | sed 's/	/ /g'
}

# The innermost loop around "# BODY": from the last label before it to the
# first branch behind it.
loop() {
    awk '/^\.?L[A-Za-z0-9_]*:/ { if (!body) block = "" }
         { block = block $0 "\n" }
         /# BODY/ { body = 1 }
         body && /^[ \t]*(j[a-z]+|b\.[a-z]+|cbn?z)[ \t]/ { print block; exit }' \
        out.s | instructions
}

# count 'what' REGION REGEX LOW HIGH: so many instructions match
count() {
    region "$2" >out
    n=$(grep -Ec -- "$3" out)
    if [ "$n" -ge "$4" ] && [ "$n" -le "$5" ]; then pass "$1"; else
        echo "# $n instructions match $3, expected $4 to $5"
        : >err
        fail "$1"
    fi
}

look() {
    count "$1: an unused product is dropped" nothing "$multiply" 0 0
    count "$1: a used product is computed" integer "$multiply" 1 9
    count "$1: its register is not stored" integer "$store" 0 0
    count "$1: numbers and pointers stay where they are" registers . 0 1
    count "$1: a used double is computed" product "$multiply" 1 1
    count "$1: and not stored" product "$store" 0 0
    count "$1: a structure is stored" structure "$store" 1 9
    count "$1: an escaped store happens" escape "$store" 1 1
    count "$1: without it there is none" no_escape "$store" 0 0
    count "$1: clobbered memory is stored twice" clobber "$store" 2 2
    count "$1: without it once" no_clobber "$store" 1 1
    count "$1: an opaque number is added" opaque "$add" 1 1
    count "$1: an opaque double too" opaque_double "$add" 1 1
    count "$1: a known one is folded" folded "$add" 0 0
    loop >out
    : >err
    if [ "$(wc -l <out)" -ge 2 ] && [ "$(wc -l <out)" -le "$most" ] &&
        grep -Eq "$branch" out && ! grep -v '^lea' out | grep -Eq "$memory|call"
    then pass "$1: the loop counts a register"; else
        fail "$1: the loop counts a register"; fi
}

omit() {
    i=0
    while [ $i -lt $checks ]; do skip "$1" "$2"; i=$((i + 1)); done
}

for compiler in gcc clang; do
    for level in -O2 -O3; do
        name="$compiler $level"
        if [ -z "${store:-}" ]; then
            omit "$name" "no patterns for $(uname -m)"
        elif ! command -v $compiler >/dev/null; then
            omit "$name" "$compiler is not installed"
        elif ! $compiler $level -std=gnu11 -fno-asynchronous-unwind-tables \
            -fno-stack-protector -I"$srcdir/bench" -S -o out.s \
            "$srcdir/tests/unit/bench/keep.c" 2>err; then
            i=0
            while [ $i -lt $checks ]; do fail "$name compiles"; i=$((i + 1)); done
        else
            look "$name"
        fi
    done
done
exit $failed
