#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the page in a copy of its sources, so that the source folder may be
# read-only.  Usage: build.sh NPM SRCDIR FOLDER PAGE
set -eu
npm=$1 source=$2/dashboard folder=$3 page=$4
work=$folder/npm

say() { printf 'dashboard: %s\n' "$*" >&2; }

mkdir -p "$work"
rm -rf "$work/src"
for part in index.html package.json package-lock.json tsconfig.json \
    vite.config.ts src; do
    cp -R "$source/$part" "$work/"
done
chmod -R u+w "$work"
cd "$work"

# The packages are those of the lock file; what is there is not fetched again.
if ! cmp -s package-lock.json node_modules/.tare-lock.json; then
    if ! "$npm" ci --ignore-scripts --no-audit --no-fund --prefer-offline \
        >npm.log 2>&1; then
        tail -n 20 npm.log >&2
        say 'npm could not install what builds the page; with a network it can,'
        say 'and "configure --without-dashboard" builds without the page'
        exit 1
    fi
    cp package-lock.json node_modules/.tare-lock.json
fi
if ! "$npm" run build >build.log 2>&1; then
    cat build.log >&2
    exit 1
fi
cd - >/dev/null
mv "$work/dist/index.html" "$page"
touch "$page"
