#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# stats/ holds functions of their arguments: its objects import no output, no
# file, clock, environment or process, and keep no writable data.  Looks at
# what the compiler made.  Left out is gsl_errors.c, the one door to GSL's
# process-wide error handler.  Usage: check-pure.sh [ROOT [BUILD]]
. "$(dirname "$0")/files.sh"

objects=$(find "$build/stats" -name '*.o' ! -name '*gsl_errors.o' 2>/dev/null |
    sort)
[ -n "$objects" ] || {
    echo "no object files in $build/stats: build first" >"$findings"
    finish
}
for object in $objects; do
    name=${object#"$build"/}
    nm -u "$object" | awk -v name="$name" '
    $NF ~ /^(_*v?f?d?w?printf(_chk)?|f?put(s|c|char)|f(open|close|read|write|flush)|std(in|out|err)|perror)$/ ||
    $NF ~ /^(open(at)?|creat|read|write|close|mmap|unlink|remove|rename|mkstemp)(64)?$/ ||
    $NF ~ /^(time|clock|clock_gettime|gettimeofday|nanosleep|getrandom)$/ ||
    $NF ~ /^(getenv|setenv|environ|exit|_exit|abort|system|fork|signal|sigaction)$/ ||
    $NF ~ /^(s?rand|s?random|[dlm]rand48|gsl_rng_env_setup|gsl_set_error_handler(_off)?)$/ {
        print name ":1: uses " $NF
    }'
    nm -f sysv "$object" | awk -F'|' -v name="$name" '
    function trim(s) { gsub(/^ +| +$/, "", s); return s }
    NF > 6 && trim($4) ~ /OBJECT|TLS|COMMON/ &&
    trim($7) ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
    trim($7) !~ /^\.data\.rel\.ro/ {
        print name ":1: keeps writable data: " trim($1)
    }'
done >"$findings"
finish
