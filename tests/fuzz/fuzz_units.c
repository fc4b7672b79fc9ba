/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities: results in their documented range exactly on success, untouched
 * with an error exactly on failure. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "tests/fuzz/target.h"

static void check_outcome(int rc, const struct error *err, int untouched)
{
    MUST(rc == (int)err->code && (rc == 0) == (*err->text == '\0'));
    MUST(rc == 0 || (rc == ERR_RANGE && untouched));
}

static void check_units(const char *text)
{
    struct error err[3] = {{0}};
    int64_t ns = -7, whole = -7;
    double ratio = -7;

    check_outcome(parse_duration(text, &ns, &err[0]), &err[0], ns == -7);
    MUST(ns == -7 || (ns >= 0 && ns <= 3600000000000000));
    check_outcome(parse_ratio(text, &ratio, &err[1]), &err[1], ratio == -7);
    MUST(ratio == -7 || (ratio >= 0 && ratio <= 10));
    check_outcome(parse_int(text, -5, 5, &whole, &err[2]), &err[2],
                  whole == -7);
    MUST(whole == -7 || (whole >= -5 && whole <= 5));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(free_scoped) char *text = target_text(data, size);

    check_units(text);
    return 0;
}
