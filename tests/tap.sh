# SPDX-License-Identifier: GPL-3.0-or-later
# Words for shell tests that print TAP.  Source it first:
#     . "$srcdir/tests/tap.sh"
# A test runs in an empty folder of its own.  Standard output and standard
# error of the last command are in ./out and ./err.

count=0 failed=0

plan() { echo "1..$1"; }

pass() { count=$((count + 1)); echo "ok $count - $1"; }

fail() {
    count=$((count + 1)); failed=1
    echo "not ok $count - $1"
    sed 's/^/# out: /' out 2>/dev/null | tail -n 40
    sed 's/^/# err: /' err 2>/dev/null | tail -n 40
}

# exits 'what' STATUS COMMAND...: the command ends with this status
exits() {
    what=$1 want=$2
    shift 2
    "$@" >out 2>err </dev/null
    got=$?
    if [ "$got" -eq "$want" ]; then pass "$what"; else
        echo "# exit status $got, expected $want: $*"; fail "$what"; fi
}

# ok 'what' COMMAND...: the command succeeds
ok() { what_=$1; shift; exits "$what_" 0 "$@"; }

# has 'what' FILE REGEX: a line of the file matches (extended regex)
has() {
    if grep -Eq -- "$3" "$2"; then pass "$1"; else
        echo "# no line of $2 matches: $3"; fail "$1"; fi
}

# hasnt 'what' FILE REGEX
hasnt() {
    if grep -Eq -- "$3" "$2"; then
        echo "# a line of $2 matches: $3"; fail "$1"; else pass "$1"; fi
}

# same 'what' FILE FILE
same() {
    if cmp -s "$2" "$3"; then pass "$1"; else
        diff -u "$2" "$3" | sed 's/^/# /' | head -n 40; fail "$1"; fi
}

# golden 'what' NAME out|err: equals tests/golden/NAME; UPDATE_GOLDEN=1 rewrites
golden() {
    [ -n "${UPDATE_GOLDEN:-}" ] && cp "$3" "$srcdir/tests/golden/$2"
    same "$1" "$srcdir/tests/golden/$2" "$3"
}

skip() { count=$((count + 1)); echo "ok $count - $1 # SKIP $2"; }
