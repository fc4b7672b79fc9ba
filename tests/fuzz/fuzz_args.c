/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options .args and .threads of a case, and lists of CPUs. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "bench/params.h"
#include "bench/team.h"
#include "tests/fuzz/target.h"

enum { LOOKED_AT = 300 };

/* Every value can be had, is not empty, and there is none behind the last. */
static void check_axis(const struct tarei_axis *axis)
{
    char value[PARAMS_TEXT];

    MUST(axis->count >= 1 && axis->count <= PARAMS_COMBINATIONS);
    MUST(axis->name_length >= 1);
    for (size_t k = 0; k < axis->count && k < LOOKED_AT; k++)
        MUST(tarei_params_value(axis, k, value, sizeof value) > 0);
    MUST(tarei_params_value(axis, axis->count, value, sizeof value) < 0);
}

static void check_args(const char *text, size_t size)
{
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;
    size_t product = 1;

    if (tarei_params_parse(text, size, &axes, &problem) < 0) {
        MUST(problem.at <= size);
        MUST(problem.text[0] && memchr(problem.text, '\0', PARAMS_PROBLEM));
        return;
    }
    MUST(axes.n <= PARAMS_MAX);
    for (size_t i = 0; i < axes.n; i++) {
        check_axis(&axes.axis[i]);
        product *= axes.axis[i].count;
    }
    MUST(axes.combinations == product && product <= PARAMS_COMBINATIONS);
}

static void check_values(const char *text, size_t size)
{
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;

    if (tarei_params_values("threads", text, size, &axes, &problem) < 0)
        MUST(problem.at <= size && problem.text[0]);
    else
        check_axis(&axes.axis[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = target_copy(data, size), *string = target_text(data, size);
    int64_t value = 42;
    int cpu[8];

    if (!memchr(string, '\0', size)) {
        check_args(text, size);
        check_values(text, size);
        if (tarei_params_int(text, size, &value) < 0)
            MUST(value == 42);
        tarei_team_cpus(string, cpu, 8);
    }
    free(string);
    free(text);
    return 0;
}
