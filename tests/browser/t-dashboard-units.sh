#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What of the dashboard needs no browser, under node's own test runner.
. "$srcdir/tests/tap.sh"

modules=$builddir/dashboard/npm/node_modules
if [ ! -x "$modules/.bin/esbuild" ]; then
    plan 1
    skip 'the units of the dashboard' 'the dashboard was not built here'
    exit 0
fi
plan 2
ok 'they can be built' env NODE_PATH="$modules" "$modules/.bin/esbuild" \
    "$srcdir/dashboard/test/units.test.ts" --bundle --platform=node \
    --format=cjs --loader:.css=empty --outfile=units.test.cjs
ok 'they pass' node --test --test-reporter=tap units.test.cjs
