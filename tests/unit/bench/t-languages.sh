#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tare.h in each language it promises, without a warning; then the program that
# came of it, which has its own main(), with the shared library.
. "$srcdir/tests/tap.sh"

plan 22
source=$srcdir/tests/unit/bench/languages.c
library=$builddir/.libs

# compiles COMPILER OPTION...: leaves COMPILER.o
compiles() {
    compiler=$1
    shift
    if ! command -v "$compiler" >/dev/null; then
        skip "$compiler $*" "$compiler is not installed"
    else
        ok "$compiler $*" "$compiler" "$@" -Wall -Wextra -Wshadow -Wconversion \
            -Werror -I"$srcdir/bench" -O1 -c -o "$compiler.o" "$source"
    fi
}

for cc in gcc clang; do
    compiles $cc -std=c11 -pedantic
    compiles $cc -std=c17 -pedantic
    compiles $cc -std=gnu2x -pedantic
done
for cxx in g++ clang++; do
    compiles $cxx -x c++ -std=gnu++17
    compiles $cxx -x c++ -std=c++20 -pedantic
done

# runs LINKER OBJECT: six points
runs() {
    reason=
    command -v "$1" >/dev/null || reason="$1 is not installed"
    [ -f "$library/libtare.so" ] || reason='there is no shared library'
    nm -D "$library/libtare.so" 2>/dev/null | grep -Eq '__(asan|tsan|ubsan)' &&
        reason='the library is built with sanitizers'
    if [ -n "$reason" ]; then
        for point in links lists passes fails worker selects; do
            skip "$1 $point" "$reason"
        done
        return
    fi
    ok "$1: links" "$1" "$2" -o "$2.exe" -L"$library" -ltare
    LD_LIBRARY_PATH=$library
    export LD_LIBRARY_PATH
    ok "$1: lists" "./$2.exe" --list
    exits "$1: checks pass" 0 "./$2.exe" --run 'checks*' --run skips \
        --run 'declares*' --run leaves
    exits "$1: failures fail" 1 "./$2.exe" --run fails
    exits "$1: without tare it is no worker" 2 "./$2.exe" --tare-worker
    exits "$1: an unknown name selects nothing" 5 "./$2.exe" --run nothing
    unset LD_LIBRARY_PATH
}

runs gcc gcc.o
runs g++ g++.o
exit $failed
