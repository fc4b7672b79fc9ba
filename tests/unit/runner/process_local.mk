# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of runner/process/, and the program they start.
check_PROGRAMS += tests/unit/runner/process_actor
tests_unit_runner_process_actor_SOURCES = tests/unit/runner/process_actor.c

process_tests = \
	tests/unit/runner/process_guardian
TARE_UNIT_TESTS += $(process_tests)
process_support = \
	tests/unit/runner/process_support.c tests/unit/runner/process_support.h
process_libs = librunner.a libbase.a libtare.la
tests_unit_runner_process_guardian_SOURCES = \
	tests/unit/runner/process_guardian.c $(process_support)
tests_unit_runner_process_guardian_LDADD = $(process_libs)
