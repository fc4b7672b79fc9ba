# SPDX-License-Identifier: GPL-3.0-or-later
# Estimators, intervals, tests, power and verdicts: pure functions over GSL.
noinst_LIBRARIES += libstats.a
libstats_a_CPPFLAGS = $(AM_CPPFLAGS) $(GSL_CFLAGS)
libstats_a_SOURCES = \
	stats/adjust.c stats/adjust.h \
	stats/binomial.c stats/binomial.h \
	stats/bootstrap.c stats/bootstrap.h \
	stats/change.c stats/change.h \
	stats/compare.c stats/compare.h \
	stats/components.c stats/components.h \
	stats/convict.c stats/convict.h \
	stats/energy.c stats/energy.h \
	stats/estimate.c stats/estimate.h \
	stats/gsl_errors.c stats/gsl_errors.h \
	stats/exact.c stats/exact.h \
	stats/explore.c stats/explore.h \
	stats/family.c stats/family.h \
	stats/harrell_davis.c stats/harrell_davis.h \
	stats/looks.c stats/looks.h \
	stats/mann_whitney.c stats/mann_whitney.h \
	stats/means.c stats/means.h \
	stats/modes.c stats/modes.h \
	stats/nonparametric.c stats/nonparametric.h \
	stats/occasion.c stats/occasion.h \
	stats/order.c stats/order.h \
	stats/pair.c stats/pair.h \
	stats/pairwise.c stats/pairwise.h \
	stats/pelt.c stats/pelt.h \
	stats/power.c stats/power.h \
	stats/rank_test.h \
	stats/robust.c stats/robust.h \
	stats/scaling.c stats/scaling.h \
	stats/series.c stats/series.h \
	stats/signed_rank.c stats/signed_rank.h \
	stats/steady.c stats/steady.h \
	stats/stored.c stats/stored.h \
	stats/student.c stats/student.h \
	stats/trend.c stats/trend.h \
	stats/verdict.c stats/verdict.h \
	stats/warmup.c stats/warmup.h
EXTRA_DIST += stats/README.md
