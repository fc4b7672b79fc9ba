# SPDX-License-Identifier: GPL-3.0-or-later
scale_tests = \
	tests/unit/runner/scale/test_analysis \
	tests/unit/runner/scale/test_counts \
	tests/unit/runner/scale/test_limit \
	tests/unit/runner/scale/test_rounds
TARE_UNIT_TESTS += $(scale_tests)
scale_sim  = tests/unit/runner/scale/sim.c tests/unit/runner/scale/sim.h
scale_libs = librunner.a libstats.a libbase.a libtare.la $(GSL_LIBS) \
	$(HWLOC_LIBS)
tests_unit_runner_scale_test_analysis_SOURCES = \
	tests/unit/runner/scale/test_analysis.c $(scale_sim)
tests_unit_runner_scale_test_analysis_LDADD = $(scale_libs)
tests_unit_runner_scale_test_counts_SOURCES = \
	tests/unit/runner/scale/test_counts.c $(machine_rules)
tests_unit_runner_scale_test_counts_LDADD = $(scale_libs)
tests_unit_runner_scale_test_limit_SOURCES = \
	tests/unit/runner/scale/test_limit.c
tests_unit_runner_scale_test_limit_LDADD = $(scale_libs)
tests_unit_runner_scale_test_rounds_SOURCES = \
	tests/unit/runner/scale/test_rounds.c $(scale_sim)
tests_unit_runner_scale_test_rounds_LDADD = $(scale_libs)
