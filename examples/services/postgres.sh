#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A PostgreSQL of one worker's own:
#     postgres.sh setup | run | ready
# Its data is in $TARE_TMPDIR, its port $POSTGRES_PORT.  It does not run as
# root, so root lends it the user that Debian's package makes.
set -eu
data=$TARE_TMPDIR/postgres
port=$POSTGRES_PORT
PATH=$PATH:$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null |
    sort -V | tail -n 1)
LC_ALL=C
export LC_ALL

as_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
    else
        "$@"
    fi
}

case $1 in
setup)
    command -v initdb >/dev/null || {
        echo 'PostgreSQL is not installed (package postgresql)'
        exit 77
    }
    mkdir -p "$data"
    if [ "$(id -u)" = 0 ]; then
        chmod a+x "$TARE_TMPDIR"
        chown postgres "$data"
        as_user test -w "$data" || {
            echo "the user postgres cannot reach $TARE_TMPDIR"
            exit 77
        }
    fi
    as_user initdb -D "$data" -U postgres -A trust --no-sync
    ;;
run)
    # A benchmark of queries, not of a disk.
    if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid=postgres --regid=postgres --clear-groups \
            postgres -D "$data" -p "$port" -k "$data" -F \
            -c listen_addresses=127.0.0.1
    fi
    exec postgres -D "$data" -p "$port" -k "$data" -F \
        -c listen_addresses=127.0.0.1
    ;;
ready)
    pg_isready -q -h 127.0.0.1 -p "$port" -U postgres
    ;;
esac
