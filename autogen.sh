#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes ./configure from configure.ac; needed only in a checkout from git.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
autoreconf --install --force "$@"
