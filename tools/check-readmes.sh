#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every folder that has a local.mk, and something for it to list, explains
# itself in a README.md; tests/README.md speaks for tests/unit.  Usage: check-readmes.sh [ROOT]
. "$(dirname "$0")/files.sh"

files '/local\.mk$' | grep -v '^tests/.*/' | while read -r file; do
    [ "$(files "^${file%local.mk}" | wc -l)" -gt 1 ] || continue
    [ -s "${file%local.mk}README.md" ] ||
        echo "${file%local.mk}README.md:1: is missing"
done >"$findings"
finish
