#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file that can hold a comment says its licence in its first two lines:
# MIT in bench/ and alloc/ (they are linked into programs of others), GPL-3.0-or-later
# elsewhere and for fragments of make.  Usage: check-spdx.sh [ROOT]
. "$(dirname "$0")/files.sh"

files '' | grep -Ev '(^|/)(corpus|golden|data)/' | while read -r file; do
    case $file in
    LICENSES/* | *.md | *.txt.in | *.json | .git* | .version | .clang-format)
        continue
        ;;
    *.mk) want=GPL-3.0-or-later ;;
    bench/* | alloc/*) want=MIT ;;
    tests/reference/*) want='[A-Za-z0-9.-]\+' ;; # data of others keeps its own
    *) want=GPL-3.0-or-later ;;
    esac
    head -n 2 "$file" | grep -q "SPDX-License-Identifier: $want\( \|\$\)" ||
        printf '%s:1: no "SPDX-License-Identifier: %s" line\n' "$file" "$want"
done >"$findings"
finish
