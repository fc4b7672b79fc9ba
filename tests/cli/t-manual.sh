#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual knows every command and every option that a command takes.
. "$srcdir/tests/tap.sh"
plan 6
page=$srcdir/man/tare.1

# lacks 'what' FILE: nothing is in the file
lacks() {
    cp "$2" out
    : >err
    if [ -s "$2" ]; then fail "$1"; else pass "$1"; fi
}

"$TARE" completion fish >all
sed -n "s/.*'__fish_use_subcommand' -a \([a-z]*\) .*/\1/p" all | sort -u >commands
sed -n 's/.* -l \([a-z-]*\).*/\1/p' all | sort -u >options
has 'commands were found' commands '^check$'
has 'options were found' options '^format$'

while read -r name; do
    grep -Eq "^\.(It )?Cm $name( |$)" "$page" || echo "$name"
done <commands >missing
lacks 'every command is in the manual' missing
while read -r name; do
    grep -Eq "Fl Fl $name( |$)" "$page" || echo "--$name"
done <options >missing
lacks 'every option is in the manual' missing

echo version >>options # of tare itself, not of a command
grep -o 'Fl Fl [a-z][a-z-]*' "$page" | sed 's/Fl Fl //' | sort -u >mentioned
grep -Fxv -f options mentioned >unknown
lacks 'the manual mentions no other option' unknown

if command -v mandoc >/dev/null; then
    ok 'the page is well formed' mandoc -T lint -W warning "$page"
else
    skip 'the page is well formed' 'no mandoc'
fi
exit $failed
