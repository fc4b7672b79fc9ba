#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The example of isolated tests: a SQLite database for each worker, and with
# PostgreSQL one server in the run with a database for each worker.
. "$srcdir/tests/tap.sh"
plan 9
mkdir isolation services
cp "$builddir"/examples/isolation/database_test \
    "$srcdir/examples/isolation/tare.yaml" isolation
cp "$srcdir/examples/services/postgres.sh" services
cd isolation || exit 1

ok 'side by side' "$TARE" test --progress none -n 2 --oversubscribe
tail -n 1 out >last
if ls /usr/lib/postgresql/*/bin/initdb >found 2>&1 &&
    ! grep -q 'cannot reach' out; then
    has 'all pass' last '^12 passed, 0 failed, 0 skipped$'
    "$TARE" history 'fixture:*' >out 2>err
    has 'one server' out '^fixture:postgres/setup'
    has 'databases' out '^fixture:shop/teardown'
else
    has 'SQLite passes' last '^8 passed, 0 failed, 4 skipped$'
    skip 'one server' 'PostgreSQL is not installed'
    skip 'databases' 'PostgreSQL is not installed'
fi
"$TARE" history 'fixture:*' >out 2>err
has 'one template' out '^fixture:database_test/template/setup'
has 'its end is a figure' out '^fixture:database_test/template/teardown'
for how in process worker; do
    ok "no order matters, $how" "$TARE" test --verify-isolation -n 2 \
        --isolation $how --oversubscribe -k 'database_test/*' --progress none
done
exits 'on one worker too' 0 "$TARE" test -n 1 -k 'database_test/*'
[ "$failed" -eq 0 ]
