/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callgrind writes. */
#include <config.h>

#include "runner/measure/metrics.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    double total = -1;
    int rc = callgrind_total("fuzz", (const char *)data, size, &total, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
    MUST((rc == 0) == (total >= 0));
    return 0;
}
