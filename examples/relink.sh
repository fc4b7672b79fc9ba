#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Link the same objects in another order, with padding between them: a layout
# that is as good a draw as any the linker makes after the next change.
#
#     relink.sh SEED OUT COMPILER OBJECT... -- LIBRARY...
#
# The objects (and -Wl options among them) are shuffled by SEED; each is followed
# by 0 to 4080 bytes of padding, in steps of 16, in the text section.  What stands
# behind -- keeps its place.
#
#     tare layout --relink 'relink.sh {seed} {out} cc *.o -- -ltare' ./bench
set -eu

[ $# -ge 4 ] || {
    echo 'usage: relink.sh SEED OUT COMPILER OBJECT... -- LIBRARY...' >&2
    exit 2
}
seed=$1 out=$2 compiler=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

n=0
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    n=$((n + 1))
    printf '%s\n' "$1" >>"$folder/objects"
    shift
done
[ $# -eq 0 ] || shift
[ "$n" -gt 0 ] || {
    echo 'relink.sh: no object to link' >&2
    exit 2
}

# Object by object in random order, with the size of the padding behind it.
awk -v seed="$seed" '
    BEGIN { srand(seed % 2147483647) }
    { object[NR] = $0 }
    END {
        for (i = NR; i > 1; i--) {
            j = 1 + int(rand() * i)
            t = object[i]; object[i] = object[j]; object[j] = t
        }
        for (i = 1; i <= NR; i++)
            print 16 * int(rand() * 256), object[i]
    }' "$folder/objects" >"$folder/order"

i=0
while read -r size object; do
    i=$((i + 1))
    printf '.text\n.skip %d, 0x90\n.section .note.GNU-stack,"",%%progbits\n' \
        "$size" >"$folder/pad$i.s"
    printf '%s\n%s\n' "$folder/pad$i.s" "$object" >>"$folder/inputs"
done <"$folder/order"

# The words of one line each, whatever is in them.
while read -r input; do
    set -- "$@" "$input"
done <"$folder/inputs"
libraries=$(($# - 2 * n))
while [ "$libraries" -gt 0 ]; do # to the end, in their order
    first=$1
    shift
    set -- "$@" "$first"
    libraries=$((libraries - 1))
done

# shellcheck disable=SC2086 # the compiler may have options of its own
$compiler -o "$out" "$@"
