#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# examples/ci/ci.sh as CI runs it: against a revision, against a restored
# baseline, from a shallow clone, with nothing to compare with; and its
# demonstration on a real program.  But for that, what is weighed is a counter.
. "$srcdir/tests/tap.sh"
if ! command -v git >/dev/null; then
    echo '1..0 # SKIP there is no git'; exit 0
fi
plan 45
subject=$builddir/tests/cli/weight_subject
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GITHUB_ACTIONS GITHUB_STEP_SUMMARY
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
PATH=$builddir:$PATH
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
    GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL PATH

# a repository whose program weighs what a file says
mkdir repo && cd repo || exit 2
mkdir ci && cp "$srcdir/examples/ci/ci.sh" ci/
cat >build.sh <<S
read -r weight <weight
printf '#!/bin/sh\nWEIGHT=%s exec "$subject" "\$@"\n' \$weight >prog
chmod +x prog
S
cat >tare.yaml <<'Y'
tare: 1
suite: shop
programs: [{path: prog}]
build: {command: sh build.sh}
measure: {budget: 3s, sample_time: 10us} # what is weighed is no time
gate: {metrics: [weight]}
Y
printf '%s\n' prog tare-report out err summary fresh shallow >.gitignore
commit() { echo "$1" >weight; git add . && git commit -qm "$2" && sh build.sh; }
git init -q -b main . && commit 1000 first && commit 1100 second || exit 2

ok 'it is plain shell' sh -n ci/ci.sh
exits 'it says how it is called' 2 sh ci/ci.sh
has 'in two ways' err '^ +ci\.sh baseline '
exits 'against a revision the gate is red' 1 sh ci/ci.sh gate HEAD^1
has 'and says by what' out '^gate: 1 of 1 regressed: prog/body \+10\.0 %$'
has 'the comment too' tare-report/comment.md '^.+ \*\*regressed\*\* '
has 'with the case' tare-report/comment.md '^\| `prog/body` `weight` \| regressed \| \+10\.0 %'
ok 'it fits a screen' test "$(wc -l <tare-report/comment.md)" -le 25
has 'JUnit has a failure' tare-report/junit.xml '<failure type="regressed"'
has 'metrics have the ratio' tare-report/metrics.txt '^tare_ratio\{.*\} 1\.1$'
has 'the document is one' tare-report/gate.json '"schema": "tare/gate/1"'
has 'with its revision' tare-report/metrics.txt "revision=\"$(git rev-parse HEAD)\""
ok 'git sees nothing of it' test -z "$(git status --porcelain)"

: >summary
exits 'for GitHub' 1 env GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$PWD/summary" \
    sh ci/ci.sh gate HEAD^1
has 'there are annotations' out '^::error title=prog/body regressed::weight: \+10\.0 %25'
has 'and a summary' summary 'prog/body'
rm summary

exits 'without a baseline' 5 sh ci/ci.sh gate
has 'it is said' err 'no baseline was restored'
git stash -q 2>/dev/null
git checkout -q HEAD^1 && sh build.sh
ok 'main makes one' sh ci/ci.sh baseline
git checkout -q main && sh build.sh
exits 'which is red as well' 1 sh ci/ci.sh gate
has 'with the kept program' tare-report/gate.json '"mode": "(exact|interleaved)"'
rm -rf fresh && git clone -q . fresh && cp -r .tare fresh && mkdir fresh/baselines &&
    cp baselines/ci.yaml fresh/baselines && cp prog fresh || exit 2
exits 'restored elsewhere it does the same' 1 sh -c 'cd fresh && sh ci/ci.sh gate'
has 'by the same program' fresh/tare-report/comment.md 'regressed \| \+10\.0 %'

commit 1100 third
ok 'a change of nothing is green' sh ci/ci.sh gate HEAD^1
has 'and says so' tare-report/comment.md '\*\*unchanged\*\*'
exits 'a revision that is none' 5 sh ci/ci.sh gate nowhere
has 'leaves a comment' tare-report/comment.md 'could not run: exit status'
git clone -q --depth 1 "file://$PWD" shallow && cp prog shallow || exit 2
exits 'a shallow clone' 5 sh -c 'cd shallow && sh ci/ci.sh gate HEAD^1'
has 'is told what helps' err 'help: .*(unshallow|deepen|depth)'
ok 'the commit is fetched' sh -c 'cd shallow && git fetch -q --depth 1 \
    "file://$PWD/.." main~2 2>/dev/null || git fetch -q --depth 3 origin main'
exits 'then it can be compared' 1 sh -c 'cd shallow && sh ci/ci.sh gate HEAD~2'

# several parts, several stores: the other lines of the page
ok 'a store of another machine' sh -c 'mkdir -p stores && cp .tare/tare.db stores/a.db'
ok 'is merged' tare history merge stores/a.db --db all.db
has 'once' out 'runs? added'
ok 'and not twice' tare history merge stores/a.db --db all.db
has 'which is said' out ': 0 runs added'

# the demonstration, on a real program and in real time: the change is so large
# that no noise hides it
cd ..
if nm "$builddir/.libs/libtare.a" | grep -Eq '__(asan|tsan|ubsan)_'; then
    for i in 1 2 3 4 5 6 7 8 9; do
        skip 'the demonstration' 'libtare.a is instrumented'
    done
else
    TARE_FLAGS="-I$srcdir/bench $builddir/.libs/libtare.a -pthread"
    export TARE_FLAGS
    exits 'the demonstration is red' 1 sh "$srcdir/examples/ci/demo.sh" demo
    report=demo/tare-report
    has 'its comment begins with the verdict' $report/comment.md \
        '^.+ \*\*regressed\*\* `gate: [12] of 2 regressed'
    has 'and has the case' $report/comment.md '^\| `words_bench/count\['
    has 'its summary too' $report/summary.md 'words_bench/count'
    has 'its metrics end' $report/metrics.txt '^# EOF$'
    ok 'its document can be read' tare report $report/gate.json -q
    has 'and says the same' out '^gate: [12] of 2 regressed'
    exits 'a second time' 1 sh "$srcdir/examples/ci/demo.sh" demo
    ok 'git is clean' test -z "$(git -C demo status --porcelain)"
fi
exit $failed
