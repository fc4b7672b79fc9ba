#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No finding of shellcheck in the scripts people run and in tools/.
# Usage: check-shell.sh [ROOT]
. "$(dirname "$0")/files.sh"

command -v shellcheck >/dev/null 2>&1 || {
    echo "shellcheck is not installed"
    exit 77
}
files '^(quickstart|autogen\.sh|\.ci/[^/]*|tools/[^/]*\.sh|examples/.*\.sh)$' |
    xargs -r shellcheck -x -P SCRIPTDIR -f gcc >"$findings"
finish
