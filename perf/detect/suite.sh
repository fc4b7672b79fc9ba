#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a gate over a suite of 104 unchanged cases takes.  Two copies of one
# program that differ in a byte of their data, so that nothing is skipped as
# identical.  Usage: suite.sh TARE PROGRAM [OPTION...]
set -eu
export LC_ALL=C
tare=$1 program=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/old" "$folder/new"
cp "$program" "$folder/old/suite"
sed 's/\(tare-detect extra=0000 copy=\)0/\11/' "$program" >"$folder/new/suite"
chmod +x "$folder/new/suite"
status=0
"$tare" compare "$folder/old/suite" "$folder/new/suite" --db "$folder/db" "$@" \
    >"$folder/out" || status=$?
sed -n '/inconclusive\|regressed\|improved/p' "$folder/out"
tail -n 4 "$folder/out"
echo "load $(cut -d' ' -f1 /proc/loadavg), exit status $status"
