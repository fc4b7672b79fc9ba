#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file as the C array that report/page.h declares.  Usage: embed.sh FILE
set -eu
size=$(wc -c <"$1")
cat <<'IN'
#include <config.h>

#include "report/page.h"

const char page_text[] = {
IN
od -An -v -tx1 "$1" | sed "s/ \(..\)/'\\\\x\1',/g"
cat <<IN
0};
const size_t page_size = $((size));
IN
