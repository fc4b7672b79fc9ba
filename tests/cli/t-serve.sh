#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare serve and clients that do not behave.
. "$srcdir/tests/tap.sh"
hostile() { "$builddir/tests/cli/hostile" "$port" "$@"; }

{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml
"$TARE" serve --port 0 >out 2>err </dev/null
if grep -q 'was built without' err; then
    plan 1
    skip 'the server' 'this tare was built without it or the page'
    exit 0
fi
plan 44
exits 'without a store there is nothing to serve' 5 "$TARE" serve --port 0
has 'and says so' err 'tare run'
"$builddir/tests/cli/history_fill" .tare/tare.db shop <<'END' || exit 2
run 2026-01-01T10:00:00Z 0001abcdef main 3f2a91c0aa
case a/b[n=1] time ns lower 100 101 102 103 104 105
case a/<b> time ns lower 200 201 202 203 204 205
run 2026-01-02T10:00:00Z 0002abcdef main 3f2a91c0aa
case a/b[n=1] time ns lower 100 101 102 103 104 105
END

exits 'a port that is none' 2 "$TARE" serve --port 65536
"$TARE" serve --port 0 >address 2>&1 &
server=$!
trap 'kill -KILL $server 2>/dev/null' EXIT
tries=0
until grep -q http address || [ $((tries += 1)) -gt 200 ]; do sleep 0.05; done
port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/.*|\1|p' address)
here="Host: 127.0.0.1:$port"
has 'says where it is' address '^shop: the dashboard is at http://127\.0\.0\.1:[0-9]+/'

# answers 'what' REGEX WORD...: the hostile client prints this
answers() {
    what=$1 want=$2
    shift 2
    hostile "$@" >out 2>err
    has "$what" out "$want"
}

exits 'the port is taken now' 3 "$TARE" serve --port "$port"
has 'that is said' err "cannot listen on 127.0.0.1:$port"
answers 'the page' ' 200 ' get / "$here"
answers 'by its other name' ' 200 ' get / "Host: localhost:$port"
answers 'the head of the data' ' 200 ' get /api/dashboard "$here"
answers 'lines' ' 200 ' get '/api/history?first=0&most=10' "$here"
answers 'points' ' 200 ' get \
    '/api/line?id=a/b%5Bn=1%5D&metric=time&machine=3f2a91c0aa&branch=main' "$here"
answers 'of no such case' ' 404 ' get \
    '/api/line?id=a/x&metric=time&machine=3f2a91c0aa&branch=main' "$here"
answers 'a glob is no name' ' 404 ' get \
    '/api/line?id=a/*&metric=time&machine=3f2a91c0aa&branch=main' "$here"
answers 'of another branch' ' 404 ' get \
    '/api/line?id=a/b&metric=time&machine=3f2a91c0aa&branch=nope' "$here"
answers 'lines without numbers' ' 400 ' get '/api/history' "$here"
answers 'too many lines' ' 400 ' get '/api/history?first=0&most=201' "$here"
answers 'a negative number' ' 400 ' get '/api/history?first=-1&most=1' "$here"
answers 'lines beyond the last' ' 200 ' get '/api/history?first=99&most=9' "$here"

# --- who may ask
answers 'another host' ' 403 ' get / 'Host: evil.example'
answers 'another port' ' 403 ' get / 'Host: 127.0.0.1:1'
answers 'no port' ' 403 ' get / 'Host: 127.0.0.1'
answers 'no host' ' 40[03] ' get /
answers 'our origin' ' 200 ' get / "$here" "Origin: http://127.0.0.1:$port"
answers 'another origin' ' 403 ' get / "$here" 'Origin: http://evil.example'
answers 'no origin at all' ' 403 ' get / "$here" 'Origin: null'

# --- paths
for path in /../../etc/passwd /..%2f..%2fetc/passwd //etc/passwd \
    /api/../../etc/passwd '/a%00b' /api/dashboard/ /index.html; do
    answers "not $path" ' 404 ' get "$path" "$here"
done
answers 'bytes that are no text' ' 400 ' get '/%ff%fe' "$here"
answers 'nor in the query' ' 400 ' get '/api/line?id=%c3%28' "$here"

# --- methods and bodies
answers 'nothing is taken' ' 405 |closed' raw \
    "$(printf 'POST / HTTP/1.1\r\n%s\r\nContent-Length: 3\r\n\r\nabc' "$here")"
answers 'nothing is deleted' ' 405 ' raw \
    "$(printf 'DELETE / HTTP/1.1\r\n%s\r\n\r\n.' "$here")"
answers 'a body of a GET' ' 413 |closed| 200 ' raw \
    "$(printf 'GET / HTTP/1.1\r\n%s\r\nContent-Length: 3\r\n\r\nabc' "$here")"
answers 'garbage' ' 400 |closed' raw \
    "$(printf '\001\002\003 \177\r\n\r\n.')"

# --- sizes, times, numbers
answers 'a huge header' ' 4[0-9][0-9] |closed' large 1000000
answers 'a byte now and then is thrown out in time' '^(8|9|1[0-9])$' loris 30
answers 'a crowd of 1 000' ' 200 ' crowd 1000 / "$here"
has 'none of which was answered' out '^1000 open'

kill -0 $server && pass 'after all of this it lives' ||
    fail 'after all of this it lives'
kill -INT $server
wait $server
ok 'Ctrl-C ends it in peace' test $? -eq 0
