#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The dashboard in a real browser: as a file, and served.
. "$srcdir/tests/tap.sh"

# leave 'why': nothing of this can run here
leave() {
    plan 1
    skip 'the dashboard in a browser' "$1"
    exit 0
}
modules=$builddir/dashboard/npm/node_modules
[ -d "$modules/playwright-core" ] || leave 'the dashboard was not built here'
command -v node >/dev/null || leave 'node is not installed'
for name in chromium chromium-browser google-chrome; do
    browser=$(command -v "$name") && break
done
[ -n "${browser:-}" ] || leave 'chromium is not installed'

fill() { "$builddir/tests/cli/history_fill" "$@" || exit 2; }
{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml
awk '
function noise() { return ((i * 7919 + k * 104729 + v * 31) % 997 / 997 - 0.5) / 50 }
BEGIN {
    n = split("sort/qsort[n=1000] sort/merge parse/json " \
              "net/<script>window.pwned=1</script> " \
              "net/\"><img/src=x/onerror=\"window.pwned=1\"> " \
              "net/a_very_long_name_that_goes_on_and_on_and_on_beyond_what_" \
              "anybody_would_read[size=1048576,threads=16,mode=random]", id, " ")
    for (i = 1; i <= 60; i++) {
        printf "run 2026-%02d-%02dT10:00:00Z %04dabcdef main 3f2a91c0aa\n",
               6 + int(i / 28), 1 + i % 28, i
        for (k = 1; k <= n; k++) {
            level = 1000 * k * k * (k == 1 && i > 40 ? 1.055 : 1)
            level *= k == 3 && i > 20 ? 0.9 : 1
            printf "case %s time ns lower", id[k]
            for (v = 0; v < 8; v++)
                printf " %.2f", level * (1 + noise())
            printf "\n"
        }
        print "case sort/merge max_rss B lower 4194304"
        printf "case @suite makespan ns lower %d\n", 900000000 + i * 1000
    }
    print "tests 2026-09-01T10:00:00Z 0060abcdef main 3f2a91c0aa"
    print "test shop/adds_up passed 250000000 -"
    print "test shop/<b>fails</b> failed 90000000 total_is_3"
}' | fill .tare/tare.db shop
"$TARE" report "$srcdir/tests/browser/gate.json" \
    "$srcdir/tests/browser/scale.json" --format html -o page.html || exit 2

"$TARE" serve --port 0 >address 2>&1 &
server=$!
trap 'kill -INT $server 2>/dev/null; wait $server' EXIT
tries=0
until grep -q http address || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done

MODULES=$modules BROWSER=$browser \
    SERVED=$(sed -n 's|.*\(http://[0-9.:]*/\).*|\1|p' address) \
    node "$srcdir/tests/browser/dashboard.mjs" page.html
