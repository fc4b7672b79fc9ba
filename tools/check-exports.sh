#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# libtare.so shows tare_* and main, and needs libc alone.
# Usage: check-exports.sh [ROOT [BUILD]]
. "$(dirname "$0")/files.sh"

library=$build/.libs/libtare.so
if [ -e "$library" ]; then
    nm -D --defined-only "$library" |
        awk '$3 !~ /^(tare_|main(@|$)|LIBTARE_[0-9.]+(@|$))/ {
            print "libtare.so:1: exports " $3
        }'
    readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
        awk '!/^(libc|libm|libpthread|ld-linux.*|libc\.musl.*)\.so/ {
            print "libtare.so:1: needs " $0
        }'
else
    echo "$library:1: is not there: build the shared library first"
fi >"$findings"
finish
