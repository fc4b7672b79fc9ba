#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./quickstart in a tree of stand-ins: what it installs, when it configures,
# what it prints last, and its exit status.
. "$srcdir/tests/tap.sh"
plan 29

mkdir tree bin
cp "$srcdir/quickstart" tree/
cat >tree/autogen.sh <<'END'
#!/bin/sh
cat >"$(dirname "$0")/configure" <<'IN'
#!/bin/sh
echo "configured $*" >>configured
printf 'all:\ncheck:\n\t@sh %s/check.sh\n' "$(dirname "$0")" >Makefile
IN
chmod +x "$(dirname "$0")/configure"
END
script() {
    { echo '#!/bin/sh'; cat; } >"$1"
    chmod +x "$1"
}
chmod +x tree/autogen.sh

# A machine where apt-get is recorded and installs by leaving a mark, and where
# nothing but the C library for science can be missing.
calls=$PWD/calls
mark=$PWD/mark
: >"$calls"
: >"$mark"
script bin/apt-get <<END
echo "apt-get \$*" >>'$calls'
case \$* in install*) : >'$mark' ;; esac
END
script bin/pkg-config <<END
case \$* in *gsl) [ -e '$mark' ] ;; esac
END
script bin/id <<'END'
echo "${FAKE_UID:-0}"
END
script bin/sudo <<'END'
[ "$*" = '-n true' ] && exit "${FAKE_SUDO:-1}"
[ "$1" = -n ] && shift
exec "$@"
END
for tool in cc g++ autoconf automake libtoolize git node npm chromium; do
    script "bin/$tool" </dev/null
done
PATH=$PWD/bin:$PATH
export PATH
# the one file that the real machine must have
sed -i "s|file:/usr/share/aclocal/[a-z_.0-9]*|file:$mark.m4|" tree/quickstart
: >"$mark.m4"

last() { tail -n 1 out >last && has "$1" last "$2"; }

ok 'the shell can read it' sh -n tree/quickstart
ok 'help' sh tree/quickstart help
has 'help: names the commands' out '^  check '
ok 'help, as of other programs' sh tree/quickstart --help
has 'is the same' out '^  check '
exits 'no such command' 2 sh tree/quickstart chekc
has 'no such command: named' err 'chekc'
exits 'no such option' 2 sh tree/quickstart -z check

cat >tree/check.sh <<'END'
echo 'skip tests/a: ok 2 - x # SKIP no server'
echo '3 passed, 0 failed, 1 skipped'
echo 'make[1]: something behind it'
END
ok 'all tests pass' sh tree/quickstart check
last 'all pass: the closing line is last' '^3 passed, 0 failed, 1 skipped$'
has 'all pass: says what was skipped' out '^skip tests/a'
has 'all pass: a line per step' out '^build +ok [0-9]+ s$'
same 'nothing was missing: no apt-get' "$calls" /dev/null
cp tree/build/configured before
ok 'again' sh tree/quickstart check
same 'again: not configured again' before tree/build/configured
ok 'with another option' sh tree/quickstart check --enable-sanitizers
has 'the option reached configure' tree/build/configured \
    '^configured --enable-werror --enable-sanitizers$'

cat >tree/check.sh <<'END'
echo 'ok   tests/a (2)'
echo '    # a.c:3: x is 1, expected 2'
echo 'FAIL tests/b'
echo '2 passed, 1 failed, 0 skipped'
exit 1
END
exits 'a test fails' 1 sh tree/quickstart check
last 'a test fails: the closing line is last' '^2 passed, 1 failed, 0 skipped$'
has 'a test fails: and is shown' out 'x is 1, expected 2'

echo 'echo "a.c:1: error: no"; exit 2' >tree/check.sh
exits 'a test does not build' 1 sh tree/quickstart check
has 'a test does not build: why' out 'a.c:1: error: no'
last 'a test does not build: a closing line' '^0 passed, 1 failed, 0 skipped$'

echo "echo '1 passed, 0 failed, 0 skipped'" >tree/check.sh
rm "$mark"
FAKE_UID=1000
export FAKE_UID
exits 'a package is missing, no right to install' 2 sh tree/quickstart check
has 'no right: the line to run' err \
    'apt-get update && apt-get install .* libgsl-dev'
same 'no right: no apt-get' "$calls" /dev/null
FAKE_SUDO=0
export FAKE_SUDO
ok 'a package is missing, sudo' sh tree/quickstart check
has 'sudo: lists first' "$calls" '^apt-get -q update'
has 'sudo: only what is missing' "$calls" \
    '^apt-get install -y --no-install-recommends libgsl-dev$'
exit $failed
