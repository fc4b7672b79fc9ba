/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up roots of a system, in the folder that the test runs in. */
#ifndef TESTS_RUNNER_MACHINE_TREE_H
#define TESTS_RUNNER_MACHINE_TREE_H

#include "bench/tare.h"

/* Write root/path with this content, folders included; NULL removes it. */
void tree_put(struct tare *t, const char *root, const char *path,
              const char *content);

/* The same with bytes. */
void tree_put_bytes(struct tare *t, const char *root, const char *path,
                    const void *bytes, size_t size, long offset);

/* Remove root and all in it. */
void tree_remove(const char *root);

/* A root of tests/data/sysroot by name; valid until the next call. */
const char *tree_data(const char *name);

#endif
