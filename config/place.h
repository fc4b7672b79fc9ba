/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a file something stands. */
#ifndef CONFIG_PLACE_H
#define CONFIG_PLACE_H

#include <stdint.h>

struct place {
    uint32_t line;   /* 1-based, 0 when not in a file */
    uint32_t column; /* 1-based, in characters */
};

#endif
