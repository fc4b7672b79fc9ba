#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real time, bisected: repositories of 60 commits whose one benchmark takes 2 %
# longer from a revision on that each repetition chooses anew.  Prints how often
# the culprit was found, with what ratio, and how long it took.
#     srcdir=... builddir=... sh tests/slow/bisect.sh [REPETITIONS]
# Needs git and a C compiler; exits 1 when fewer than nine in ten are found.
set -u
repetitions=${1:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/tare-bisect.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
cd "$work" || exit 2

cat >bench.c <<'C'
#include "bench/tare.h"
#include <stdint.h>

TARE_BENCH(hash)
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        for (int i = 0; i < WORK; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            TARE_USE(x);
        }
    }
}
C
cat >tare.yaml <<'Y'
tare: 1
suite: slow
programs: [{path: prog}]
build: {command: sh build.sh}
Y
cat >build.sh <<S
read -r work <work
${CC:-cc} -O2 -DWORK=\$work -I'$srcdir' '$work/bench.c' \
    '$builddir/.libs/libtare.a' -lpthread -lm -o prog
S

# make CULPRIT: 61 revisions, tags v0 to v60
make_repository() {
    rm -rf repo && git init -q -b main repo || exit 2
    awk -v culprit="$1" -v build="$(cat build.sh)" 'BEGIN {
        for (i = 0; i <= 60; i++) {
            work = 2000 + (i >= culprit ? 40 : 0)
            print "commit refs/heads/main"
            print "committer a <a@example.org> " 1767225600 + i " +0000"
            print "data <<E\nchange " i "\nE"
            if (i == 0)
                printf "M 100644 inline build.sh\ndata <<E_END\n%s\nE_END\n\n",
                       build
            print "M 100644 inline work\ndata <<E\n" work "\nE"
            print "M 100644 inline note\ndata <<E\n" i "\nE"
            print "reset refs/tags/v" i "\nfrom refs/heads/main\n"
        }
    }' | git -C repo fast-import --quiet && git -C repo checkout -q main &&
        cp tare.yaml repo || exit 2
}

found=0 total=0
for i in $(seq "$repetitions"); do
    culprit=$((1 + (i * 37) % 60))
    make_repository $culprit
    began=$(date +%s)
    (cd repo && "$builddir/tare" bisect --good v0 --bad v60 prog/hash -q \
        --margin 1% --progress none) >out 2>err
    last=$(tail -n 1 out)
    want=$(git -C repo rev-parse --short=12 "v$culprit")
    case $last in "bisect: $want changed "*) found=$((found + 1)) ;; esac
    total=$((total + $(date +%s) - began))
    echo "v$culprit ($want): ${last:-$(cat err)}"
done
echo "bisect: $found of $repetitions found, $((total / repetitions)) s each"
[ $((found * 10)) -ge $((repetitions * 9)) ]
