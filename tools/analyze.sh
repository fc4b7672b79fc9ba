#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# gcc's static analyser over the product; any finding fails.
# Usage: CC=gcc CPPFLAGS=... analyze.sh [ROOT [BUILD]]
. "$(dirname "$0")/files.sh"

case $(${CC:-cc} --version) in
*'Free Software Foundation'*) ;;
*)
    echo "the analyser is gcc's"
    exit 77
    ;;
esac
# shellcheck disable=SC2086 # CC and CPPFLAGS are lists of words
for file in $(files '^(base|bench|stats|config|store|adapt|runner|report|cli)/.*\.c$')
do
    ${CC:-cc} -std=gnu11 -I. -I"$build" ${CPPFLAGS:-} -O1 -fanalyzer \
        -c -o /dev/null "$file" 2>&1 | sed -n "/Wanalyzer/s|^|$file:1: |p"
done >"$findings"
finish
