#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page of the suite is mdoc without a warning.
. "$srcdir/tests/tap.sh"
plan 1
if command -v mandoc >/dev/null; then
    ok 'tare.yaml(5) passes mandoc -T lint' \
        mandoc -T lint -W warning "$srcdir/man/tare.yaml.5"
else
    skip 'tare.yaml(5) passes mandoc -T lint' 'mandoc is not installed'
fi
exit $failed
