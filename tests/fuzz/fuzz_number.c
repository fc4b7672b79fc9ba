/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number: what is accepted is what strtod reads, to the last bit, and prints
 * as a text that reads back as the same. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "config/numbers.h"
#include "tests/fuzz/target.h"

static void check_number(const char *text, size_t size)
{
    double value = 42, want, again;
    uint64_t whole = 42;
    char printed[32];

    if (!number_parse(text, size, &value)) {
        MUST(value == 42);
    } else {
        want = strtod(text, NULL);
        MUST(memcmp(&value, &want, sizeof value) == 0 && isfinite(value));
        double_print(printed, value);
        MUST(number_parse(printed, strlen(printed), &again));
        MUST(memcmp(&value, &again, sizeof value) == 0);
    }
    if (!number_parse_u64(text, size, &whole))
        MUST(whole == 42);
    else
        MUST(whole == strtoull(text, NULL, 10));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(free_scoped) char *text = target_text(data, size);

    check_number(text, size);
    return 0;
}
