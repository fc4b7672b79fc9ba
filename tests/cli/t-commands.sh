#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Commands as benchmarks and tests: what is fed to them, kept of them and
# expected of them; ranking; comparing; what an error says.
. "$srcdir/tests/tap.sh"
plan 51
seq 1 5000 >data.txt
mkdir sub && echo other >sub/data.txt

cat >tare.yaml <<'EOF'
tare: 1
commands:
  - {name: file, run: [wc, -l], stdin: data.txt, expect: {stdout: '5000'}, cold_cache: true}
  - {name: text, run: [cat], stdin: {text: "a\nb\n"}, expect: {stdout: "a\nb"}}
  - {name: empty, run: [wc, -c], expect: {stdout: {matches: '^0$'}}}
  - {name: to-file, run: 'echo out; echo err >&2', stdout: {file: o.txt}, stderr: {file: e.txt}}
  - {name: folder, run: [cat, data.txt], cwd: sub, expect: {stdout: other}}
  - {name: variable, run: 'echo $A', env: {A: 'b c'}, expect: {stdout: b c}}
  - {name: status, run: 'exit 3', expect: {exit: 3}}
  - {name: signal, run: 'kill -SEGV $$', expect: {signal: SIGSEGV}}
  - {name: errors, run: 'echo oops >&2', expect: {stderr: {contains: oops}}}
  - {name: around, run: [cat, made], prepare: 'test ! -e made && echo x >made', cleanup: rm made}
  - {name: sized, run: [head, '-n{n}', data.txt], stdout: discard, params: {n: [1, 10]}}
  - {name: b-status, run: 'echo last words; exit 4'}
  - {name: b-signal, run: 'kill -9 $$'}
  - {name: b-output, run: [echo, hi], expect: {stdout: {contains: nope}}}
  - {name: b-slow, run: 'sleep 60 & wait', timeout: 200ms}
  - {name: b-absent, run: [no-such-program]}
  - {name: b-folder, run: ['true'], cwd: nowhere}
  - {name: b-prepare, run: [touch, never], prepare: 'echo no; exit 5'}
  - {name: t-good, kind: test, run: 'echo fine', expect: {stdout: fine}}
  - {name: t-bad, kind: test, run: 'echo not fine', expect: {stdout: fine}}
  - {name: t-skip, kind: test, run: 'echo no network; exit 77'}
  - {name: t-known, kind: test, run: 'exit 1', xfail: see the list}
  - {name: t-fixed, kind: test, run: 'true', xfail: see the list}
EOF

exits 'a suite of commands' 3 "$TARE" run --budget 40ms -v
cp out report
for case in file text empty to-file folder variable status signal errors \
    around 'sized\[n=1\]' 'sized\[n=10\]'; do
    has "$case is measured" report "^$case +[0-9.]+ [mu]?s"
done
ok 'its output went to files' sh -c 'grep -qx out o.txt && grep -qx err e.txt'
ok 'what was prepared was cleaned up' test ! -e made
has 'the shell is shown' report '^ .* shell_start [0-9.]+ [um]s'
for metric in cpu_time max_rss page_faults ctx_switches disk_read disk_written; do
    has "$metric is measured" report "^ .* $metric [0-9]"
done
has 'a status' report 'failed: exit status 4, expected 0: last words'
has 'a signal' report 'failed: (ended by )?signal 9'
has 'an output' report "failed: standard output does not contain 'nope'"
has 'a limit' report 'failed: took longer than 0.2 s and was ended'
has 'a program that is not there' report "failed: cannot run 'no-such-program': No such file"
has 'a folder that is not there' report 'failed: cannot enter .*nowhere'
has 'a preparation' report 'failed: prepare: exit status 5.*no'
ok 'after which nothing ran' test ! -e never
# shellcheck disable=SC2009 # pgrep -f would find this script
hasnt 'and nothing stays behind' report "$(ps -eo args | grep -x 'sleep 60' || echo '^no such line$')"

exits 'tests' 1 "$TARE" test
has 'pass and fail' out 'standard output, line 1, is .not fine., expected .fine.'
has 'known failures are told' out '^1 passed, 2 failed, 2 skipped$'
has 'one that passes is a failure' out 't-fixed'
hasnt 'nothing is left open' out 'left descriptor'

ok 'one behind --' "$TARE" run --budget 40ms -- sort -n data.txt
has 'is named by its words' out '^sort -n data.txt +[0-9.]+ ms'
ok 'several are ranked' "$TARE" run --budget 100ms -c 'sleep 0.02' -c 'sleep 0.002'
has 'by their ratio to the fastest' out '[0-9.]+x the time of sleep 0\.002'
sed -n 4p out >first
has 'the fastest is the first' first '^sleep 0\.002 '
ok 'parameters' "$TARE" run --budget 50ms -c 'sleep 0.00{n}' -P n=1,3
has 'make commands' out '^sleep 0.003 '
exits 'one that nothing mentions' 2 "$TARE" run -c 'sleep 0.001' -P m=1
has 'is an error' err 'no command mentions \{m\}'

printf '#!/bin/sh\nsleep 0.001\n' >old.sh
printf '#!/bin/sh\nsleep 0.01\n' >new.sh
chmod +x old.sh new.sh
exits 'a slower script' 1 "$TARE" compare --old ./old.sh --new ./new.sh --budget 30s --margin 20%
has 'regressed' out 'regressed +\+[0-9]'
ok 'the same script' "$TARE" compare --old ./old.sh --new ./old.sh
has 'is not measured' out 'same program'

cat >long.yaml <<'EOF'
tare: 1
commands:
  - {name: quick, kind: test, run: 'true'}
  - {name: long, kind: test, run: sleep 30}
test: {max_time: 1s}
EOF
exits 'tests beyond the limit of the run' 3 "$TARE" test -f long.yaml
has 'are ended' err 'took longer than their limit of 1 s'
exit $failed
