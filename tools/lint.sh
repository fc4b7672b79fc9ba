#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every check of this folder over a tree, one line each.  Exit status 1
# when one found something.  Usage: lint.sh [ROOT [BUILD]]
tools=$(dirname "$0")
bad=0
for check in layers banned spdx words readmes size shell headers pure exports; do
    out=$("$tools/check-$check.sh" "$@" 2>&1)
    status=$?
    waived=$(printf '%s\n' "$out" | grep -c '^waived ')
    case $status in
    0) echo "ok   $check$([ "$waived" -eq 0 ] || echo " ($waived waived)")" ;;
    77) echo "skip $check: $out" ;;
    *)
        echo "FAIL $check"
        printf '%s\n' "$out" | grep -v '^waived ' | sed 's/^/    /'
        bad=1
        ;;
    esac
done
exit $bad
