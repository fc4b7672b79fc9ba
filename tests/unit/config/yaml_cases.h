/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input that must be refused, and how. */
#ifndef TESTS_UNIT_CONFIG_YAML_CASES_H
#define TESTS_UNIT_CONFIG_YAML_CASES_H

#include <stdint.h>

struct refusal {
    const char *text;
    uint32_t line, column;
    const char *message; /* exactly */
    const char *help;    /* exactly; NULL when not checked */
};

#endif
