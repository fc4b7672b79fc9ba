#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The completion scripts load in their shells and complete.
. "$srcdir/tests/tap.sh"
plan 9

# completes WORD...: what bash offers for the last word
completes() {
    bash -c '. ./tare.bash
        COMP_WORDS=(tare "$@"); COMP_CWORD=$#
        _tare tare "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

ok 'bash script' "$TARE" completion bash -o tare.bash
if command -v bash >/dev/null; then
    ok 'commands' completes comp
    has 'are completed' out '^completion$'
    ok 'options' completes completion --out
    has 'are completed' out '^--output$'
    ok 'foreign options' completes completion --marg
    hasnt 'are not' out margin
else
    for what in 1 2 3 4 5 6; do skip "bash $what" 'no bash'; done
fi

"$TARE" completion zsh >tare.zsh
if command -v zsh >/dev/null; then
    ok 'zsh script' zsh -n tare.zsh
else
    skip 'zsh script' 'no zsh'
fi
"$TARE" completion fish >tare.fish
if command -v fish >/dev/null; then
    ok 'fish script' fish --no-execute tare.fish
else
    skip 'fish script' 'no fish'
fi
exit $failed
