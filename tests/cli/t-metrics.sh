#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is counted beside time, on real programs: exact whatever the machine does.
. "$srcdir/tests/tap.sh"
plan 22
unset TARE_SEED
cp "$builddir/tests/cli/metrics_subject" bench
strip -g bench # valgrind cannot read what every compiler writes

# measure METRICS [ARG...]: a run of two invocations into out
measure() {
    asked=$1
    printf 'tare: 1\nmeasure: {budget: 100ms, invocations: 2, metrics: [%s]}\n' \
        "$asked" >tare.yaml
    shift
    "$TARE" run --progress none "$@" bench
}

sanitized=$(grep -c '__[at]san_init' "$TARE")

if [ "$sanitized" = 0 ]; then
    ok 'allocations are counted' measure 'allocs, alloc_bytes' -k '*allocates'
    has 'two an iteration' out ' allocs 2(,|$)'
    has 'of so many bytes' out ' alloc_bytes 300.0 B$'
else
    for i in 1 2 3; do skip 'allocations' 'sanitizers bring an allocator'; done
fi
ok 'bytes are counted' measure 'read_bytes, write_bytes' -k '*writes'
has 'those written' out ' write_bytes 10.00 B$'
has 'those read, without our own' out ' read_bytes 10.00 B(,|$)'
if [ "$sanitized" = 0 ] && command -v valgrind >/dev/null; then
    ok 'instructions are counted' measure instructions -k '*writes' \
        --format json -o one.json
    ok 'again' measure instructions -k '*writes' --format json -o two.json
    counted() { grep -A2 '"instructions"' "$1" | grep '"value"'; }
    counted one.json >one
    counted two.json >two
    ok 'they are there' test -s one
    same 'they are the same' one two
else
    for i in 1 2 3 4; do skip 'instructions' 'no valgrind'; done
fi
# counted METRICS COMMAND...: a command instead
counted_command() {
    printf 'tare: 1\nmeasure: {budget: 100ms, invocations: 2, metrics: [%s]}\n' \
        "$1" >tare.yaml
    shift
    "$TARE" run --progress none -- "$@"
}
printf '%1000s' x >thousand
ok 'commands are counted' counted_command 'read_bytes, write_bytes, allocs' \
    cat thousand
has 'bytes that they write' out ' write_bytes 1.000 kB$'
if [ "$sanitized" = 0 ]; then
    has 'what they allocate' out ' allocs [0-9]'
    hasnt 'and that is all' err 'not counted'
else
    for i in 1 2; do skip 'allocations' 'sanitizers bring an allocator'; done
fi
if [ "$(nproc)" -gt 1 ]; then
    ok 'threads have a core each' measure time -k '*team*'
    has 'one goes without figures of its own' out 'team\[threads=1\]'
    has 'two say how fast they were together' out ' total_rate .*/s'
    has 'and how fair that was' out ' fairness '
    has 'too many are skipped' out 'skipped: its 4096 threads need a core each'
else
    for i in 1 2 3 4 5; do skip 'threads' 'there is one core'; done
fi
exits 'a name that is no metric is refused' 2 measure alocs
has 'with the nearest' err "did you mean 'allocs'"
exits 'so is a machine that is not as required' 2 measure time \
    --require governor=nonsense
exit $failed
