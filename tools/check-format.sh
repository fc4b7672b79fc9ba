#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is as clang-format 14 (Debian 12) leaves it; other versions
# differ in details.  Usage: check-format.sh [ROOT]
. "$(dirname "$0")/files.sh"

formatter=$(command -v clang-format-14 || command -v clang-format)
case $("${formatter:-false}" --version 2>/dev/null) in
*'version 14.'*) ;;
*)
    echo "clang-format 14 is not installed"
    exit 77
    ;;
esac
for file in $(files '\.[ch]$'); do
    "$formatter" --dry-run -Werror "$file" >/dev/null 2>&1 ||
        echo "$file:1: clang-format would change it"
done >"$findings"
finish
