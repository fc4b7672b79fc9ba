/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the exploring stage may call a case unchanged, and how it shares the
 * 5 % among those looks. */
#ifndef STATS_LOOKS_H
#define STATS_LOOKS_H

#include <stddef.h>

/* A case is suspected at a one-sided p up to this, and not before
 * EXPLORE_LEAST pairs, which the p needs. */
#define EXPLORE_SUSPECT_LEVEL 0.05
enum { EXPLORE_LEAST = 5 };

/* One look: with n pairs the case is unchanged when the signed-rank statistic
 * against either margin is `most` or less, which is to say when the interval
 * from the (most + 1)-th smallest to the (most + 1)-th largest Walsh average
 * lies inside the margins.
 *
 * At a true change of exactly one margin, the pairs less the margin are
 * symmetric about 0, their signs are fair coins independent of the ranks, and
 * the ranks of any n of them are a uniform permutation: the joint distribution
 * of the statistics over all looks is the same for every symmetric noise.  The
 * bounds were read off 2 10^6 simulated paths so that the chance of passing at
 * any look is 4.2 %: 3.1 % at n = 5 (the least a look with 5 pairs can cost,
 * and what makes calm cases cheap), 0.5 at 8, 0.2 at 12, 0.2 at 16 and 0.3
 * over the rest.  The 0.8 % left are for suspects (convict.h). */
struct look {
    size_t n;
    size_t most;
};

/* The looks in ascending order. */
const struct look *explore_looks(size_t *count);

/* The first look after n pairs; SIZE_MAX behind the last. */
size_t explore_next_look(size_t n);

#endif
