#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What users see when the store cannot be used: nothing that was measured is
# lost to them, nothing that was stored is touched.
. "$srcdir/tests/tap.sh"
plan 28
cp "$builddir/tests/cli/weight_subject" bench
{ echo 'tare: 1'; echo 'suite: shop'; } >tare.yaml
export GIT_CEILING_DIRECTORIES="${PWD%/*}"
run() { "$TARE" run --budget 20ms -q --progress none ./bench "$@"; }
stored() { "$TARE" history --metric weight --format csv | grep -c '^bench/body,'; }

ok 'a run is stored' run
ok 'its folder is kept from git' grep -qx '\*' .tare/.gitignore
cp .tare/tare.db sound.db

head -c 5000 /dev/zero | tr '\0' x >.tare/tare.db
cp .tare/tare.db broken.db
ok 'with a file that is no store a run is shown' run
has 'measured' out 'bench/body'
has 'and said not to be stored' err '^warning: this run is not stored: '
same 'the file is not touched' broken.db .tare/tare.db
exits 'the history is an error' 2 "$TARE" history
has 'that names the file' err '\.tare/tare\.db: error: '

head -c 6000 sound.db >.tare/tare.db
printf 'xxxxxxxxxxxxxxxx' | dd of=.tare/tare.db bs=1 seek=4200 conv=notrunc 2>/dev/null
ok 'with a damaged store a run is shown' run
has 'and said not to be stored' err '^warning: this run is not stored: '
exits 'the history is an error' 2 "$TARE" history
has 'with a remedy' err '^help: '

# user_version is at offset 60 of the file, big-endian
cp sound.db .tare/tare.db
printf '\000\000\003\347' | dd of=.tare/tare.db bs=1 seek=60 conv=notrunc 2>/dev/null
cp .tare/tare.db newer.db
ok 'with a store of a newer version a run is shown' run
has 'and said why it is not stored' err 'not stored: .*(newer|999)'
same 'the file is not touched' newer.db .tare/tare.db
exits 'the history is an error' 2 "$TARE" history
has 'that says so' err '999|newer'

rm -rf .tare && mkdir -p .tare/tare.db
ok 'with a folder in its place a run is shown' run
has 'and said not to be stored' err '^warning: this run is not stored: '

# a disk that is full but for what is there: a small one of our own
mkdir -p full
if unshare -m mount -t tmpfs -o size=400k none full 2>/dev/null; then
    cat >fill <<'S'
mount -t tmpfs -o size=400k none full && cp sound.db full/t.db || exit 2
cat /dev/zero >full/zero 2>/dev/null
"$TARE" run --budget 20ms -q --progress none ./bench --db full/t.db || exit
rm full/zero
"$TARE" report run:1 --db full/t.db >report
S
    ok 'on a full disk a run is shown' unshare -m sh fill
    has 'measured' out 'bench/body'
    has 'and said not to be stored' err '^warning: this run is not stored: '
    has 'what was there is there' report 'bench/body'
else
    for what in 'a full disk' 'measured' 'said' 'there'; do
        skip "$what" 'mounting is not allowed'
    done
fi

# two at once
rm -rf .tare
run >out1 2>err1 & one=$!
run >out2 2>err2 & two=$!
wait $one && wait $two
ok 'two runs at once both end well' test $? -eq 0
ok 'neither is lost' test "$(stored)" -eq 2
cat err1 err2 >errs
hasnt 'nor warned of' errs warning
if [ "$(id -u)" -eq 0 ]; then
    skip 'a folder that cannot be written' 'root may write anywhere'
    skip 'is said' 'root may write anywhere'
else
    rm -rf .tare && mkdir -m 555 .tare
    ok 'a folder that cannot be written' run
    has 'is said' err '^warning: this run is not stored: '
    chmod 755 .tare
fi
exit $failed
