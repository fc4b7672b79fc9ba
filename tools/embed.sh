#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file as the C array NAME_text with its size, NAME_size, that a header
# declares.  Usage: embed.sh FILE HEADER NAME
set -eu
size=$(wc -c <"$1")
cat <<IN
#include <config.h>

#include "$2"

const char $3_text[] = {
IN
od -An -v -tx1 "$1" | sed "s/ \(..\)/'\\\\x\1',/g"
cat <<IN
0};
const size_t $3_size = $((size));
IN
