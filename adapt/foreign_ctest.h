/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of CTest while their list is read.  Internal to the kind. */
#ifndef ADAPT_FOREIGN_CTEST_H
#define ADAPT_FOREIGN_CTEST_H

#include "adapt/foreign.h"
#include "base/json_read.h"

struct ctest_test {
    struct foreign_case one;
    struct recipe_words sets_up, cleans_up, requires; /* names of fixtures */
    struct recipe_words depends;                      /* names of tests */
    bool wanted;      /* another depends on it */
    unsigned visited; /* the last test that was surrounded with it */
};

/* A test whose properties are being read. */
struct taking {
    const struct foreign_program *program;
    struct arena *arena;
    struct foreign_case *one;
    struct ctest_test *test;
    struct recipe_words env, modify; /* ENVIRONMENT, ENVIRONMENT_MODIFICATION */
    struct error *err;
};

/* The test holds the resource "HEADname"; what a list of names cannot hold
 * becomes '-'. */
int ctest_use(struct taking *t, const char *head, const char *name);

/* Put the variables of both properties into the recipe.  ERR_RANGE for a
 * modification that is none. */
int ctest_environment(struct taking *t);

/* Turn tests that set fixtures up or clean them up, and those that others
 * depend on, into what is executed before and after the tests that need them,
 * one at a time; append all but the former to the list. */
int ctest_surround(struct ctest_test *test, size_t n, struct arena *arena,
                   struct foreign_list *out, struct error *err);

#endif
