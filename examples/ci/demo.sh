#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ci.sh on a repository of two commits, the second of which is slower: the gate
# is red and the comment says by how much.
#     demo.sh FOLDER     makes FOLDER/, which must not be there
# Needs git, a C compiler and an installed libtare; from a build folder:
#     PATH=$PWD:$PATH TARE_FLAGS="-I../bench .libs/libtare.a -pthread" ...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${1:?usage: demo.sh FOLDER}"
TARE_FLAGS=${TARE_FLAGS:-$(pkg-config --cflags --libs tare)}
export TARE_FLAGS
mkdir "$1"
cd "$1"

git init -q -b main .
mkdir ci
cp "$here/ci.sh" ci/
cp "$here"/../words/* .
cat >tare.yaml <<'Y'
tare: 1
suite: words
programs:
  - {path: words_bench}
build:
  command: cc -O2 -o words_bench words.c words_bench.c $TARE_FLAGS
measure: {budget: 1s}
gate: {margin: 5%}
Y
printf '%s\n' words_bench tare-report >.gitignore
commit() {
    git add . && git -c user.name=demo -c user.email=demo@example.org \
        commit -q -m "$1"
}
commit 'Count words'
sed 's/while (slots < size)/while (slots < 4 * size)/' words.c >words.new
mv words.new words.c
commit 'Fewer collisions'

# the job of the second commit
sh -c "$(sed -n 's/^  command: //p' tare.yaml)"
sh ci/ci.sh gate HEAD~1
