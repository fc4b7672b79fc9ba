# SPDX-License-Identifier: GPL-3.0-or-later
machine_tests = \
	tests/unit/runner/machine/test_binding \
	tests/unit/runner/machine/test_cpulist \
	tests/unit/runner/machine/test_disturbance \
	tests/unit/runner/machine/test_doctor \
	tests/unit/runner/machine/test_facts \
	tests/unit/runner/machine/test_noise \
	tests/unit/runner/machine/test_placement \
	tests/unit/runner/machine/test_placement_data \
	tests/unit/runner/machine/test_placement_made \
	tests/unit/runner/machine/test_show \
	tests/unit/runner/machine/test_sysfile \
	tests/unit/runner/machine/test_topology
machine_rules = \
	tests/unit/runner/machine/rules.c tests/unit/runner/machine/rules.h
machine_tree = \
	tests/unit/runner/machine/tree.c tests/unit/runner/machine/tree.h
machine_libs = librunner.a libbase.a libtare.la $(HWLOC_LIBS)
TARE_UNIT_TESTS += $(machine_tests)
EXTRA_DIST += tests/data/topologies tests/data/sysroot

tests_unit_runner_machine_test_cpulist_SOURCES = \
	tests/unit/runner/machine/test_cpulist.c
tests_unit_runner_machine_test_cpulist_LDADD = $(machine_libs)

tests_unit_runner_machine_test_placement_SOURCES = \
	tests/unit/runner/machine/test_placement.c $(machine_rules)
tests_unit_runner_machine_test_placement_LDADD = $(machine_libs)

tests_unit_runner_machine_test_placement_data_SOURCES = \
	tests/unit/runner/machine/test_placement_data.c \
	tests/unit/runner/machine/placements.h \
	tests/unit/runner/machine/placements_table.h $(machine_rules)
tests_unit_runner_machine_test_placement_data_LDADD = $(machine_libs)

tests_unit_runner_machine_test_placement_made_SOURCES = \
	tests/unit/runner/machine/test_placement_made.c $(machine_rules)
tests_unit_runner_machine_test_placement_made_LDADD = $(machine_libs)

tests_unit_runner_machine_test_sysfile_SOURCES = \
	tests/unit/runner/machine/test_sysfile.c $(machine_tree)
tests_unit_runner_machine_test_sysfile_LDADD = $(machine_libs)

tests_unit_runner_machine_test_topology_SOURCES = \
	tests/unit/runner/machine/test_topology.c $(machine_rules) \
	$(machine_tree)
tests_unit_runner_machine_test_topology_LDADD = $(machine_libs)

tests_unit_runner_machine_test_binding_SOURCES = \
	tests/unit/runner/machine/test_binding.c $(machine_rules)
tests_unit_runner_machine_test_binding_LDADD = $(machine_libs)

tests_unit_runner_machine_test_disturbance_SOURCES = \
	tests/unit/runner/machine/test_disturbance.c $(machine_tree)
tests_unit_runner_machine_test_disturbance_LDADD = $(machine_libs)

tests_unit_runner_machine_test_facts_SOURCES = \
	tests/unit/runner/machine/test_facts.c $(machine_rules) \
	$(machine_tree)
tests_unit_runner_machine_test_facts_LDADD = $(machine_libs)

tests_unit_runner_machine_test_show_SOURCES = \
	tests/unit/runner/machine/test_show.c $(machine_rules)
tests_unit_runner_machine_test_show_LDADD = $(machine_libs)

tests_unit_runner_machine_test_doctor_SOURCES = \
	tests/unit/runner/machine/test_doctor.c $(machine_rules) $(machine_tree)
tests_unit_runner_machine_test_doctor_LDADD = $(machine_libs)

tests_unit_runner_machine_test_noise_SOURCES = \
	tests/unit/runner/machine/test_noise.c $(machine_rules) $(machine_tree)
tests_unit_runner_machine_test_noise_LDADD = $(machine_libs)
