# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by every check: the tree to look at and its files.
# shellcheck shell=sh
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
root=${1:-$(dirname "$here")}
build=${2:-.}
build=$(cd "$build" && pwd) || exit 2
cd "$root" || exit 2
findings=$(mktemp) || exit 2
trap 'rm -f "$findings"' EXIT
trap 'exit 130' INT TERM

# files REGEX: every file of the tree whose path matches (extended regex): what
# git knows or would add, and in a tarball what is no product of the build.
files() {
    if [ -e .git ]; then
        git ls-files --cached --others --exclude-standard
    else
        find . \( -name 'build*' -o -name m4 -o -name autom4te.cache \) \
            -prune -o -type f ! -path ./dashboard/built.html -print | sed 's|^\./||' |
            grep -Ev '(^|/)(aclocal\.m4|configure|config\.h\.in|Makefile\.in)$'
    fi | while read -r file; do
        [ ! -f "$file" ] || printf '%s\n' "$file"
    done | grep -E -- "$1" | sort
}

# finish: prints what was found; the exit status says whether that is nothing
finish() {
    sort -u -t: -k1,1 -k2,2n "$findings"
    [ ! -s "$findings" ]
    exit
}
