# SPDX-License-Identifier: GPL-3.0-or-later
machine_tests = \
	tests/unit/runner/machine/test_placement_data
machine_rules = \
	tests/unit/runner/machine/rules.c tests/unit/runner/machine/rules.h
machine_libs = librunner.a libbase.a libtare.la $(HWLOC_LIBS)
TARE_UNIT_TESTS += $(machine_tests)
EXTRA_DIST += tests/data/topologies

tests_unit_runner_machine_test_placement_data_SOURCES = \
	tests/unit/runner/machine/test_placement_data.c \
	tests/unit/runner/machine/placements.h \
	tests/unit/runner/machine/placements_table.h $(machine_rules)
tests_unit_runner_machine_test_placement_data_LDADD = $(machine_libs)
