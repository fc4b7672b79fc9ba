#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare doctor on a made-up /proc and /sys: nothing is measured there.
. "$srcdir/tests/tap.sh"
plan 18

two='pack:1 core:2 pu:1'
gov=root/sys/devices/system/cpu/cpu0/cpufreq
mkdir -p "$gov" root/proc/sys/kernel
echo powersave >"$gov/scaling_governor"
echo 2 >root/proc/sys/kernel/randomize_va_space

doctor() { "$TARE" doctor --sysroot root --topology "$two" "$@"; }

ok 'a look' doctor
has 'finds the governor' out 'powersave'
ok 'as JSON' doctor --format json
has 'with a schema' out '"schema": "tare/doctor/1"'
has 'nothing was measured' out '"measured": null'
ok 'a requirement that holds' doctor --require governor=powersave
exits 'one that does not' 2 doctor --require governor=performance
has 'the finding is shown' out 'powersave'
has 'the refusal says why' err 'error: .*governor'
has 'and the remedy' err '^help: '
exits 'no such check' 2 doctor --require govenor=performance
has 'names the nearest' err 'governor'
printf '\377\000\033[31m' >"$gov/scaling_governor"
ok 'garbage in the files' doctor
hasnt 'does not reach the terminal' out "$(printf '\033')"

# What the cores of this machine are like nobody knows here; that it is kept is.
mkdir suite
echo 'tare: 1' >suite/tare.yaml
probe() { (cd suite && "$TARE" doctor --max-time 50ms); }
ok 'a probe of this machine' probe
has 'says where it is kept' err 'kept in .*\.tare/noise.json'
has 'with the machine' suite/.tare/noise.json '"machine": "[0-9a-f]{64}"'
has 'and each core' suite/.tare/noise.json '"pu": [0-9]+'
exit $failed
