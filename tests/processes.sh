# SPDX-License-Identifier: GPL-3.0-or-later
# Words for tests that interrupt or kill tare and look for what it leaves.
# Source it behind tests/tap.sh.

# ended_by SIGNAL FILE ARGUMENT...: tare with these arguments gets the signal
# once FILE is not empty, half a minute later at most; its status is in $status
ended_by() {
    signal=$1 file=$2 i=0
    shift 2
    rm -f "$file"
    "$TARE" "$@" >out 2>err </dev/null &
    pid=$!
    while [ ! -s "$file" ] && [ $i -lt 300 ]; do sleep 0.1; i=$((i + 1)); done
    kill -"$signal" $pid
    wait $pid 2>/dev/null
    status=$?
}

# here PATTERN...: the numbers of the processes in this folder whose command
# line, words separated by blanks, is like one of the patterns
here() {
    for p in $(ls -l /proc/[0-9]*/cwd |
        awk -v here="$PWD" '$NF == here { print $(NF - 2) }'); do
        p=${p%/cwd}
        line=$(tr '\0' ' ' <"$p/cmdline")
        for pattern; do
            case $line in $pattern) echo "${p#/proc/}" ;; esac
        done
    done 2>/dev/null
}

# nobody PATTERN...: there is no such process, after ten seconds at most
nobody() {
    i=0
    while left=$(here "$@") && [ -n "$left" ]; do
        i=$((i + 1))
        if [ $i -gt 100 ]; then echo "left: $left"; return 1; fi
        sleep 0.1
    done
}
