# SPDX-License-Identifier: GPL-3.0-or-later
include tests/unit/runner/machine/local.mk
include tests/unit/runner/process_local.mk
include tests/unit/runner/testing_local.mk
include tests/unit/runner/scale/local.mk

measure_tests = \
	tests/unit/runner/measure_calibrate \
	tests/unit/runner/measure_disturbed \
	tests/unit/runner/measure_duel \
	tests/unit/runner/measure_interference \
	tests/unit/runner/measure_lanes \
	tests/unit/runner/measure_metrics \
	tests/unit/runner/measure_solo
TARE_UNIT_TESTS += $(measure_tests)
measure_sim = tests/unit/runner/sim.c tests/unit/runner/sim.h
measure_libs = librunner.a libstats.a libbase.a libtare.la $(GSL_LIBS)
tests_unit_runner_measure_calibrate_SOURCES = \
	tests/unit/runner/measure_calibrate.c $(measure_sim)
tests_unit_runner_measure_calibrate_LDADD = $(measure_libs)
tests_unit_runner_measure_disturbed_SOURCES = \
	tests/unit/runner/measure_disturbed.c
tests_unit_runner_measure_disturbed_LDADD = $(measure_libs)
tests_unit_runner_measure_interference_SOURCES = \
	tests/unit/runner/measure_interference.c $(measure_sim)
tests_unit_runner_measure_interference_LDADD = $(measure_libs)
tests_unit_runner_measure_lanes_SOURCES = \
	tests/unit/runner/measure_lanes.c $(measure_sim)
tests_unit_runner_measure_lanes_LDADD = $(measure_libs) $(PTHREAD_LIBS)
tests_unit_runner_measure_metrics_SOURCES = \
	tests/unit/runner/measure_metrics.c $(measure_sim)
tests_unit_runner_measure_metrics_LDADD = $(measure_libs)
tests_unit_runner_measure_solo_SOURCES = \
	tests/unit/runner/measure_solo.c $(measure_sim)
tests_unit_runner_measure_solo_LDADD = $(measure_libs)
tests_unit_runner_measure_duel_SOURCES = \
	tests/unit/runner/measure_duel.c $(measure_sim)
tests_unit_runner_measure_duel_LDADD = $(measure_libs)
