#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What people type in their first hour, and what they are told: one line that
# says what is wrong, with its place, and one that says what to do.
. "$srcdir/tests/tap.sh"
plan 71
cp "$builddir/tests/cli/weight_subject" bench || exit 2
printf 'tare: 1\nprograms: [{path: bench}]\nbuild: {command: make}\n' >tare.yaml
export GIT_CEILING_DIRECTORIES="${PWD%/*}" # no repository of whatever is above

# told 'what' STATUS ERROR HELP ARG...: both are regular expressions of a line;
# HELP may be empty
told() {
    what=$1 status=$2 error=$3 help=$4
    shift 4
    exits "$what" "$status" "$TARE" "$@"
    if grep -Eq -- "error: .*($error)" err &&
        { [ -z "$help" ] || grep -Eq -- "^help: .*$help" err; }; then
        pass "$what: told"
    else
        fail "$what: told"
    fi
}

told 'a command for a program' 2 "program 'ls' is not there" "-c 'ls'" run ls
told 'with arguments' 2 "program 'ls -l' is not there" "-c 'ls -l'" run 'ls -l'
told 'commands to compare' 2 "'sort f' is neither" '--old CMD --new CMD' \
    compare 'sort f' 'sort -n f'
told 'a suite for a program' 2 'not an executable file' '-f tare.yaml' \
    run tare.yaml
told 'a program not built' 2 "'./nope' is not there" 'build it first' run ./nope
elsewhere() { (cd / && "$TARE" "$@"); }
exits 'nothing at all' 5 elsewhere run
has 'both ways are told' err '^help: .*: tare run PROGRAM; or a command: -- CMD'
told 'one side' 2 'two things' 'OLD NEW' compare bench
told 'an empty command' 2 'the command is empty' "-c 'CMD ARG'" run -c ''
told 'nothing behind --' 2 'the command is empty' '-- CMD' run --
told 'a suite that is not there' 2 'is not there' 'looked for' list -f no.yaml
told 'a machine that is not there' 2 'is not there' 'hwloc XML' \
    topology --topology no.xml
told 'no unit' 2 "--budget: expected a duration such as 10s, .*'10'" '' \
    run --budget 10
told 'no per cent' 2 "--margin: '2' without % would be 200 %" 'write 2%' \
    gate --margin 2
told 'no margin at all' 2 "--margin: expected 0.01% to 1000%, not '0'" '' \
    gate --margin 0
told 'an alarm every second time' 2 "--alpha: expected 0.01% to 20%, not '50%'" '' \
    gate --alpha 50%
told 'a part of an id' 5 'no benchmark is selected; there are [0-9]+' \
    "-k '\*eight\*'" run -k eight
told 'the name without the program' 5 "no case 'body'" "'bench/body'" debug body
told 'an option of others' 2 'does not take --last-failed' 'belongs to: test' \
    run --last-failed
told 'a form of others' 2 "'tare run' does not write junit" 'it writes: text' \
    run --format junit
told 'a form of none' 2 "--format: expected text, json, csv, markdown, not 'pdf'" \
    '' run --format pdf
told 'outcomes that are none' 2 "expected letters of fsctlFxa, not 'q'" '' \
    test -r q
told 'no baseline' 5 "there is no baseline 'main'" 'tare baseline save main' gate
told 'a case that is none, before measuring' 2 "no case 'bench/bodi'" \
    "'bench/body'" gate --against bench --explain bench/bodi
told 'a document that is none' 2 'tare.yaml:1:1|expected a value' \
    '--format json' report tare.yaml
told 'no revisions' 5 'not in a git repository' 'against' \
    gate --against-rev HEAD

# tare.yaml TEXT: refused with place and remedy
refused() { # 'what' PLACE HELP TEXT
    printf "$4" >wrong.yaml # shellcheck disable=SC2059
    told "$1" 2 '' "$3" check wrong.yaml
    has "$1: its place" err "^wrong\.yaml:$2: "
}
refused 'an empty file' 1:1 "tare: 1" ''
refused 'a misspelt key' 2:1 "'programs'" 'tare: 1\nprogams: []\n'
refused 'names of programs' 2:12 "- path: a" 'tare: 1\nprograms: [a]\n'
refused 'tabs' 3:1 'spaces' 'tare: 1\nprograms:\n\t- path: x\n'

cat >lost <<'S'
#!/bin/sh
echo "$0: error while loading shared libraries: libtare.so.0: no such file" >&2
exit 127
S
chmod +x lost
printf '#!/bin/sh\necho hello\n' >foreign && chmod +x foreign
told 'a program of nobody' 3 'is not a Tare program' 'libtare .*--kind.*-- CMD' \
    list ./foreign
told 'a library that is not found' 3 'ended with exit status 127' 'ldconfig' \
    list ./lost

told 'a file in a file, before measuring' 3 'cannot write: Not a directory' '' \
    run --budget 20ms --db new.db -o tare.yaml/x
ok 'nothing was measured for it' test ! -e new.db

ok 'no baseline to list' "$TARE" baseline list
has 'it says how to get one' out 'tare baseline save NAME'
exit $failed
