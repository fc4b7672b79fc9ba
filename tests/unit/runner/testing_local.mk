# SPDX-License-Identifier: GPL-3.0-or-later
testing_tests = \
	tests/unit/runner/testing_conduct \
	tests/unit/runner/testing_schedule \
	tests/unit/runner/testing_shard \
	tests/unit/runner/testing_verify
TARE_UNIT_TESTS += $(testing_tests)
testing_sim = tests/unit/runner/testing_sim.c tests/unit/runner/testing_sim.h
testing_libs = librunner.a libconfig.a libbase.a libtare.la
tests_unit_runner_testing_conduct_SOURCES = \
	tests/unit/runner/testing_conduct.c $(testing_sim)
tests_unit_runner_testing_conduct_LDADD = $(testing_libs)
tests_unit_runner_testing_schedule_SOURCES = \
	tests/unit/runner/testing_schedule.c $(testing_sim)
tests_unit_runner_testing_schedule_LDADD = $(testing_libs)
tests_unit_runner_testing_shard_SOURCES = tests/unit/runner/testing_shard.c
tests_unit_runner_testing_shard_LDADD   = $(testing_libs)
tests_unit_runner_testing_verify_SOURCES = tests/unit/runner/testing_verify.c
tests_unit_runner_testing_verify_LDADD   = $(testing_libs)
