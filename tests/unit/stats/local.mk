# SPDX-License-Identifier: GPL-3.0-or-later
stats_tests = \
	tests/unit/stats/test_binomial \
	tests/unit/stats/test_estimate \
	tests/unit/stats/test_garbage \
	tests/unit/stats/test_history \
	tests/unit/stats/test_parametric \
	tests/unit/stats/test_rank \
	tests/unit/stats/test_stored \
	tests/unit/stats/test_verdict
TARE_UNIT_TESTS += $(stats_tests)
stats_test_libs = libstats.a libbase.a libtare.la $(GSL_LIBS)
tests_unit_stats_test_binomial_SOURCES = tests/unit/stats/test_binomial.c
tests_unit_stats_test_binomial_LDADD   = $(stats_test_libs)
tests_unit_stats_test_estimate_SOURCES = tests/unit/stats/test_estimate.c
tests_unit_stats_test_estimate_LDADD   = $(stats_test_libs)
tests_unit_stats_test_garbage_SOURCES = tests/unit/stats/test_garbage.c
tests_unit_stats_test_garbage_LDADD   = $(stats_test_libs)
tests_unit_stats_test_history_SOURCES = tests/unit/stats/test_history.c
tests_unit_stats_test_history_LDADD   = $(stats_test_libs)
tests_unit_stats_test_parametric_SOURCES = tests/unit/stats/test_parametric.c
tests_unit_stats_test_parametric_LDADD   = $(stats_test_libs)
tests_unit_stats_test_rank_SOURCES = tests/unit/stats/test_rank.c
tests_unit_stats_test_rank_LDADD   = $(stats_test_libs)
tests_unit_stats_test_stored_SOURCES = tests/unit/stats/test_stored.c
tests_unit_stats_test_stored_LDADD   = $(stats_test_libs)
tests_unit_stats_test_verdict_SOURCES = tests/unit/stats/test_verdict.c
tests_unit_stats_test_verdict_LDADD   = $(stats_test_libs)
include tests/reference/local.mk
