#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The suite of examples/services with those servers that are installed; where
# one is not, its cases are skipped with the reason.
. "$srcdir/tests/tap.sh"
plan 17

cp "$builddir"/examples/services/* . 2>/dev/null
PATH=$PATH:/usr/sbin
ok 'the suite is right' "$TARE" list
has 'programs hold their fixtures' out '^http_bench/get\[rate=0\] .* nginx '

"$TARE" run --budget 50ms -k '*get*rate=0*' -k 'postgres*rate=0*' >all 2>err
echo "# exit status $?"

# service 'name' SERVER CASE FIXTURE: measured with percentiles, or skipped
service() {
    if command -v "$2" >/dev/null || ls /usr/lib/postgresql/*/bin/"$2"; then
        has "$1 is measured" all "^$3 +[0-9.]+ [mu]s"
        has "$1: and its median request" all '^    p50 [0-9.]+ [mu]s'
        has "$1: its start is a figure" all "^fixture:$4/setup +[0-9]"
    else
        has "$1 is skipped" all "^$3 +skipped"
        has "$1: with the reason" all "fixture '$4': .*not installed"
        hasnt "$1: its start is no figure" all "^fixture:$4/setup"
    fi >>told 2>/dev/null
}
# Functions of tap.sh count in this shell, so their lines are shown behind.
: >told
service Redis redis-server 'redis_bench/get\[rate=0\]' redis
service nginx nginx 'http_bench/get\[rate=0\]' nginx
service PostgreSQL postgres 'postgres_bench/select\[rate=0\]' postgres
grep -E '^(ok|not ok|#)' told

if command -v redis-server >/dev/null; then
    ok 'a test of Redis' "$TARE" test
    has 'passes' out '^1 passed, 0 failed, 0 skipped$'
    ok 'an open loop' "$TARE" run --budget 50ms -k 'redis_bench/set\[rate=5000\]'
    has 'has percentiles too' out '^    p50 '
    "$TARE" debug 'redis_bench/set[rate=0]' --budget 200ms >out 2>err
    has 'one alone' out 'p99'
    hasnt 'nothing was left running' err 'warning'
else
    for what in 1 2 3 4 5 6; do skip "Redis $what" 'it is not installed'; done
fi
exit $failed
