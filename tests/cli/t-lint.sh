#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each check of tools/ passes on a clean tree and fails on the fault it is for.
. "$srcdir/tests/tap.sh"
plan 50
tools=$srcdir/tools
gpl='/* SPDX-License-Identifier: GPL-3.0-or-later */'

# A tree with one file; the name of the check says where it is made.
# file PATH LINE...
file() {
    mkdir -p "tree/$(dirname "$1")"
    path=$1
    shift
    printf '%s\n' "$@" >"tree/$path"
}

clean() { rm -rf tree && mkdir tree; }

# finds 'what' CHECK REGEX [BUILD]: the check fails and says so
finds() {
    exits "$1" 1 sh "$tools/check-$2.sh" tree ${4:+"$4"}
    has "$1: named" out "$3"
}

passes() { exits "$1" 0 sh "$tools/check-$2.sh" tree ${3:+"$3"}; }

# skipped unless the tool that a check needs is installed
needs() { command -v "$1" >/dev/null 2>&1; }

# layers
clean
file stats/a.c '#include <config.h>' '#include "base/error.h"' \
    '#include <gsl/gsl_math.h>'
passes 'layers: downwards is allowed' layers
file base/a.c '#include "stats/a.h"'
finds 'layers: upwards is not' layers '^base/a.c:1: stats/a.h is not in a layer'
clean
file bench/a.c '#include "base/error.h"'
finds 'layers: bench/ stands alone' layers '^bench/a.c:1: '
clean
file report/a.c '' '#include <sqlite3.h>'
finds 'layers: a library has one owner' layers \
    '^report/a.c:2: .*belongs to store/'
clean
file new/a.c '#include "base/error.h"'
finds 'layers: every folder is in the table' layers '^new/a.c:1: '

# banned
clean
file base/a.c '/* strcpy(a, b) */' 'char *s = "strcpy(a, b)";' \
    'my_strcpy(a, b); p->rand(); x = strcpy;'
passes 'banned: comments, strings, other names' banned
file base/b.c '/* a' ' */ strcpy (a, b);'
finds 'banned: a call' banned '^base/b.c:2: strcpy\(\): use '
clean
file runner/a.c 'getenv("HOME");'
finds 'banned: the environment outside cli/' banned '^runner/a.c:1: getenv'
clean
file cli/a.c 'getenv("HOME");'
passes 'banned: the environment in cli/' banned

# spdx
clean
file base/a.c "$gpl"
file bench/a.c '/* SPDX-License-Identifier: MIT */'
file a.sh '#!/bin/sh' '# SPDX-License-Identifier: GPL-3.0-or-later'
passes 'spdx: present' spdx
file base/b.c 'int x;'
finds 'spdx: absent' spdx '^base/b.c:1: '
clean
file bench/a.c "$gpl"
finds 'spdx: bench/ is MIT' spdx '^bench/a.c:1: .*MIT'

# words: built so that this file does not hold them
clean
file base/a.c 'char t[] = "/tmp/a.XXXXXX"; homework/a' '/workers/a' 'DEBUGTODOS'
passes 'words: look-alikes' words
file base/b.c "/* $(echo TO DO | tr -d ' '): later */"
finds 'words: an unfinished mark' words '^base/b.c:1: '
clean
file README.md "see $(echo /ho me/jane/tare | tr -d ' ')"
finds "words: somebody's path" words '^README.md:1: '
clean
file base/a.c 'int x; '
finds 'words: space at the end' words '^base/a.c:1: '

# readmes
clean
file base/local.mk '# a list'
passes 'readmes: an empty folder' readmes
file base/a.c 'int x;'
finds 'readmes: a folder without' readmes '^base/README.md:1: is missing'
file base/README.md '# base/'
passes 'readmes: a folder with' readmes

# links
clean
file docs/a.md 'see `base/a.c`, `b.md`, `docs/b.md` and `stats/NAME.c`'
file docs/b.md 'a page'
finds 'links: a page that leads nowhere' links \
    '^docs/a.md:1: there is no base/a.c$'
file base/a.c 'int x;'
passes 'links: all there' links

# size
if needs pmccabe; then
    body() { yes '    x++;' | head -n "$1"; }
    clean
    file base/a.c 'int f(int x)' '{' "$(body 40)" '    return x;' '}'
    passes 'size: 40 lines' size
    file base/a.c 'int f(int x)' '{' "$(body 70)" '    return x;' '}'
    finds 'size: 70 lines' size '^base/a.c:1: f: 7[0-9] lines'
    file base/a.c '/* lint: size: a table in code */' 'int f(int x)' '{' \
        "$(body 70)" '    return x;' '}'
    passes 'size: a waiver' size
    file base/a.c 'int f(int x)' '{' \
        "$(yes '    if (x) x++;' | head -n 20)" '    return x;' '}'
    exits 'size: complexity' 1 sh "$tools/check-size.sh" tree
else
    for i in 1 2 3 4 5; do skip 'size' 'pmccabe is not installed'; done
fi

# shell
if needs shellcheck; then
    clean
    file quickstart '#!/bin/sh' 'rm $1'
    exits 'shell: an unquoted word' 1 sh "$tools/check-shell.sh" tree
else
    skip 'shell' 'shellcheck is not installed'
fi

# headers
clean
mkdir empty
file base/a.h '#include <stddef.h>' 'size_t f(void);'
passes 'headers: self-sufficient' headers empty
file base/a.h 'size_t f(void);'
finds 'headers: one that leans on others' headers '^base/a.h:1: ' empty

# pure: on objects that the compiler makes now
mkdir -p made/stats
clean
object() { rm -f made/stats/*.o; echo "$1" | ${CC:-cc} -xc -c -o made/stats/a.o -; }
object 'static const char *const t[] = {"a"}; const char *f(int i) { return t[i]; }'
passes 'pure: constants' pure made
object '#include <time.h>
long f(void) { return time(0); }'
finds 'pure: the clock' pure 'uses time' made
object 'int f(void) { static int n; return ++n; }'
finds 'pure: a hidden counter' pure 'keeps writable data: (f[.])?n' made

# exports
library() { echo "$1" | ${CC:-cc} -xc -shared -fPIC -o made/.libs/libtare.so -; }
mkdir -p made/.libs
library 'int tare_f(void) { return 0; } int main(void) { return 0; }'
exits 'exports: tare_*' 0 sh "$tools/check-exports.sh" tree made
library 'int helper(void) { return 0; }'
exits 'exports: another name' 1 sh "$tools/check-exports.sh" tree made
exit $failed
