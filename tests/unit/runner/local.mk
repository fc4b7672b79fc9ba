# SPDX-License-Identifier: GPL-3.0-or-later
include tests/unit/runner/machine/local.mk

measure_tests = \
	tests/unit/runner/measure_calibrate
TARE_UNIT_TESTS += $(measure_tests)
tests_unit_runner_measure_calibrate_SOURCES = \
	tests/unit/runner/measure_calibrate.c tests/unit/runner/sim.c \
	tests/unit/runner/sim.h
tests_unit_runner_measure_calibrate_LDADD = librunner.a libbase.a libtare.la
