#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No file says what words.txt forbids.  Usage: check-words.sh [ROOT]
. "$(dirname "$0")/files.sh"

tab=$(printf '\t')
grep -v '^#' "$here/words.txt" | while IFS=$tab read -r words why; do
    files '' | grep -Ev '^LICENSES/|(^|/)(corpus|golden|data)/' |
        xargs grep -HnIE -e "$words" /dev/null |
        awk -v why="$why" '{
            match($0, /^[^:]*:[0-9]+:/)
            print substr($0, 1, RLENGTH) " " why
        }'
done >"$findings"
finish
