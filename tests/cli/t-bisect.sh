#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bisecting a repository of 60 commits with a step of 2 %, some noise, and
# revisions that do not build.  What is weighed is a counter: nothing depends on
# how fast the machine is.
. "$srcdir/tests/tap.sh"
if ! command -v git >/dev/null; then
    echo '1..0 # SKIP there is no git'; exit 0
fi
plan 61
subject=$builddir/tests/cli/weight_subject
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME='A <b>' GIT_AUTHOR_EMAIL=a@example.org
GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
    GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

# The program of a revision weighs what the file says.
cat >build.sh <<S
#!/bin/sh
echo built >>"$PWD/builds"
read -r weight <weight
case \$weight in broken) echo 'error: it does not compile'; exit 1 ;; esac
{
    echo '#!/bin/sh'
    echo "WEIGHT=\$weight exec '$subject' \"\\\$@\""
} >prog
chmod +x prog
S
cat >tare.yaml <<'Y'
tare: 1
suite: shop
programs: [{path: prog}]
build: {command: sh build.sh}
measure: {sample_time: 10us} # what is weighed is no time
Y

# commits: a weight and a subject a line; tags v0, v1, ...
commits() {
    awk '{
        w = $1; sub(/^[^ ]* /, "")
        printf "commit refs/heads/main\nauthor A <b> <a@example.org> %d +0000\n",
               1767225600 + NR * 3600
        printf "committer a <a@example.org> %d +0000\n", 1767225600 + NR * 3600
        printf "data %d\n%s\n", length($0), $0
        if (NR == 1)
            printf "M 100644 inline build.sh\ndata <<S_END\n%sS_END\n\n", build
        printf "M 100644 inline weight\ndata %d\n%s\n\n", length(w) + 1, w
        printf "reset refs/tags/v%d\nfrom refs/heads/main\n\n", NR - 1
    }' build="$(sed 's/\\/\\\\/g' build.sh)
"
}

repository() { # NAME: from the list of commits
    rm -rf "$1" && git init -q -b main "$1" && commits >stream &&
        sed 's/^author A <b> </author A </' stream |
        git -C "$1" fast-import --quiet && git -C "$1" checkout -q main &&
        cp tare.yaml "$1" && : >builds || exit 2
}
bisect() { (cd repo && "$TARE" bisect --progress none --budget 5s "$@"); }
hash() { git -C repo rev-parse --short=12 "$1"; }

# 61 revisions: 1000 g and a little noise, 2 % more from the 38th on
awk 'BEGIN { for (i = 0; i <= 60; i++)
    print 1000 + (i * 7) % 4 + (i >= 37 ? 20 : 0),
          i == 37 ? "make it safer \"<b>\"" : "change " i }' >list
repository repo <list
exits 'a step is found' 1 bisect --good v0 --bad main --metric weight prog/body
has 'by name' out "^$(hash v37) make it safer \"<b>\"\$"
has 'with its author and day' out '^    A, 2026-01-02$'
has 'its ratio' out "^    \+[12]\.[0-9]* %, exact.* against $(hash v36)\$"
has 'as the last line' out \
    "^bisect: $(hash v37) changed prog/body weight: \+[12]\."
has 'each told' err "^$(hash v30) change 30: good, .*about [0-9] to go\$"
has 'as it comes' err ': bad, '
ok 'in eight builds' test "$(wc -l <builds)" -le 8
: >builds
exits 'again, as JSON' 1 bisect --good v36 --bad v37 --metric weight prog/body \
    -q --format json
hasnt 'quiet tells no progress' err 'to go'
has 'with its schema' out '"schema": "tare/bisect/1"'
has 'what came of it' out '"outcome": "found"'
has 'the revision' out "\"revision\": \"$(git -C repo rev-parse v37)\""
has 'names are text' out 'make it safer \\"<b>\\"'
ok 'nothing was built' test ! -s builds
ok 'no experiment is history' sh -c \
    'cd repo && ! "$TARE" history --metric weight'
ok 'the tree is as it was' test -z "$(git -C repo status --porcelain |
    grep -v -e tare.yaml -e .tare)"

# from the other side, and the ends
ok 'a change for the better' sh -c 'sed "s/+/-/" list | awk "{ \$1 = 2000 - \$1
    print }" >better'
repository repo <better
ok 'is found too and is no failure' bisect --good v35 --bad v38 -q \
    --metric weight prog/body
has 'by name' out "^bisect: $(hash v37) changed prog/body weight: -[12]\."
repository repo <list
exits 'ends that do not differ' 5 bisect --good v1 --bad v30 --metric weight \
    prog/body
has 'are nothing to find' out '^bisect: nothing to find: prog/body weight is the same within 1'
exits 'neighbours' 1 bisect --good v36 --bad v37 --metric weight prog/body
has 'are the answer' out "^bisect: $(hash v37) changed"

# what does not build
awk '{ n = NR - 1; if (n % 3 == 0 && n > 31 && n < 41) $1 = "broken"; print }' \
    list >broken
repository repo <broken
exits 'builds that fail' 1 bisect --good v31 --bad v41 --metric weight prog/body
has 'are skipped' err ': skipped, building .*it does not compile'
has 'and the rest is enough' out "changed prog/body weight"
awk '{ n = NR - 1; if (n > 33 && n < 38) $1 = "broken"; print }' list >broken
repository repo <broken
exits 'around the culprit' 1 bisect --good v32 --bad v39 --metric weight \
    prog/body
has 'they are named' out "^    or $(hash v37), which was skipped\$"
has 'as a range' out '^bisect: one of 5 revisions changed prog/body weight'
awk 'NR == 61 { $1 = "broken" } { print }' list >broken
repository repo <broken
exits 'an end that does not build' 3 bisect --good v0 --bad main \
    --metric weight prog/body
has 'is named' err "the bad end, $(hash main): .*it does not compile"

# a change that comes little by little has no culprit
awk '{ $1 = 1000 + NR; print }' list >slow
repository repo <slow
exits 'what adds up' 1 bisect --good v10 --bad v26 --metric weight prog/body
has 'is said to' out '^bisect: no single revision changed prog/body weight'

# merges: one step on the branch, and how to look inside
repository repo <list
(
    cd repo && git checkout -q -f -b side v5 && echo 1030 >weight &&
        git commit -qam 'on the side' && git checkout -q v10 &&
        git merge -q -s ours -m 'merge side' side &&
        echo 1030 >weight && git commit -q -a --amend -m 'merge side' &&
        git tag merged
) >/dev/null 2>&1 || exit 2
exits 'a merge' 1 bisect --good v8 --bad merged --metric weight prog/body
has 'is one revision' out "^bisect: $(hash merged) changed"
has 'with a way inside' out \
    "a merge; to look inside: --good $(hash v5) --bad $(hash side)\$"

# what is wrong
exits 'an end is needed' 2 bisect --good v0 prog/body
has 'which' err 'error: --bad is missing'
exits 'a name that is none' 2 bisect --good v0 --bad nowhere prog/body
has 'is said' err "error: --bad: 'nowhere' is no revision here"
mkdir bare && cp tare.yaml bare
exits 'no repository' 2 sh -c 'cd bare && GIT_CEILING_DIRECTORIES=$PWD/.. \
    "$TARE" bisect --good v0 --bad v1 prog/body'
has 'is said' err 'error: there is no git repository here'
exits 'ends the wrong way round' 2 bisect --good main --bad v0 prog/body
has 'are said' err 'other way round'
exits 'ends apart' 2 bisect --good side --bad v10 prog/body
has 'have a common one' err "help: their last common one is $(hash v5)"
exits 'the same twice' 2 bisect --good v0 --bad v0 prog/body
exits 'a case that is not there' 5 bisect --good v0 --bad v60 prog/bodi
has 'has a nearest' err "did you mean .*prog/body"
exits 'a metric that is not there' 5 bisect --good v0 --bad v60 prog/body \
    --metric wait
exits 'no time' 4 bisect --good v0 --bad main --metric weight prog/body \
    --max-time 1ms
has 'says how to go on' out "^to go on: tare bisect --good $(hash v0) --bad"
(cd repo && exec "$TARE" bisect --good v0 --bad main --metric weight --budget 5s \
    --progress none prog/body) >out 2>err & pid=$!
while ! grep -q ' to go$' err; do sleep 0.05; done
kill -INT $pid; wait $pid
status=$?; cp out said
ok 'interrupted after a step' test $status -eq 130
has 'it says how to go on' said "^to go on: tare bisect --good .* --metric 'weight' 'prog/body'\$"
has 'and ends so' said '^bisect: interrupted: prog/body weight between'
ok 'no worktree is left locked' git -C repo worktree list
git clone -q --depth 3 "file://$PWD/repo" shallow 2>/dev/null &&
    cp tare.yaml shallow
exits 'a shallow clone' 2 sh -c 'cd shallow &&
    "$TARE" bisect --good v1 --bad HEAD prog/body'
has 'says what helps' err 'help: .*git fetch --unshallow'
sed -i '/build:/d' repo/tare.yaml
exits 'no way to build' 2 bisect --good v0 --bad v9 prog/body
has 'says where' err 'build: \{command'
exit $failed
