#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a page names is there: `folder/file.ext` in any .md, from the top of the
# tree or from the page's own folder; NAME in it stands for any name.
# Usage: check-links.sh [ROOT]
. "$(dirname "$0")/files.sh"

files '\.md$' | while read -r page; do
    # shellcheck disable=SC2016 # these are backquotes of Markdown
    grep -noE '`[a-z][a-z0-9_-]*(/[a-zA-Z0-9_.-]+)*/[a-zA-Z0-9_-]+\.(h|c|cc|md|sh|txt|mk|yaml|json)`' \
        "$page" | tr -d '`' | while IFS=: read -r line name; do
        case $name in *NAME*) continue ;; esac
        [ -e "$name" ] || [ -e "$(dirname "$page")/$name" ] ||
            echo "$page:$line: there is no $name"
    done
done >"$findings"
finish
