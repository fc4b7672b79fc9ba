#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a CI job does with Tare, on any server; docs/ci.md explains it.
#     ci.sh gate [REVISION]   compare this tree with a revision that is built
#                             beside it; without one, with the baseline that
#                             was restored
#     ci.sh baseline          measure this tree as the baseline of later jobs
# Ends with the exit status of tare.  `gate` writes into the folder $REPORT:
#     gate.json      everything, for programs
#     comment.md     for people: fits a comment and a screen
#     summary.md     for people: nothing folded or cut
#     junit.xml      for servers that show tests
#     metrics.txt    for monitoring: OpenMetrics
set -u
REPORT=${REPORT:-tare-report}

# What is compared goes on as options; false when there is nothing.
choose() {
    if [ $# -gt 0 ]; then
        against="--against-rev $1"
    elif [ -f baselines/ci.yaml ]; then
        against='--baseline ci'
    else
        echo 'ci.sh: no revision is given and no baseline was restored' >&2
        return 1
    fi
}

reports() {
    tare report "$REPORT/gate.json"
    tare report "$REPORT/gate.json" --format markdown -o "$REPORT/comment.md"
    tare report "$REPORT/gate.json" --format markdown -v -o "$REPORT/summary.md"
    tare report "$REPORT/gate.json" --format junit -o "$REPORT/junit.xml"
    tare report "$REPORT/gate.json" --format openmetrics -o "$REPORT/metrics.txt"
    if [ "${GITHUB_ACTIONS:-}" = true ]; then
        tare report "$REPORT/gate.json" --format github
        # a summary may hold 1 MiB
        head -c 1000000 "$REPORT/summary.md" >>"$GITHUB_STEP_SUMMARY"
    fi
}

gate() {
    rm -rf "$REPORT"
    mkdir -p "$REPORT"
    choose "$@" || return 5
    # shellcheck disable=SC2086 # an option and its value
    tare gate $against --progress plain --format json -o "$REPORT/gate.json"
    status=$?
    if [ -s "$REPORT/gate.json" ]; then
        reports
    else
        echo "The gate could not run: exit status $status; see the job's log." \
            >"$REPORT/comment.md"
    fi
    return $status
}

baseline() {
    tare baseline save ci --progress plain || return
    tare history --since 30d
    tare history prune --before 180d
}

case ${1:-} in
gate) shift; gate "$@" ;;
baseline) baseline ;;
*) sed -n '3,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
