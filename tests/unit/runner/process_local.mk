# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of runner/process/, and the program they start.
check_PROGRAMS += tests/unit/runner/process_actor
tests_unit_runner_process_actor_SOURCES = tests/unit/runner/process_actor.c
# It stands for any program: no sanitizer may answer its signals.
tests_unit_runner_process_actor_CFLAGS  = -std=gnu11 $(WARN_CFLAGS)
tests_unit_runner_process_actor_LDFLAGS =

process_tests = \
	tests/unit/runner/process_baton \
	tests/unit/runner/process_cgroups \
	tests/unit/runner/process_guardian \
	tests/unit/runner/process_peer \
	tests/unit/runner/process_ports \
	tests/unit/runner/process_slot \
	tests/unit/runner/process_stage \
	tests/unit/runner/process_text
TARE_UNIT_TESTS += $(process_tests)
process_support = \
	tests/unit/runner/process_support.c tests/unit/runner/process_support.h
process_libs = librunner.a libbase.a libtare.la
tests_unit_runner_process_baton_SOURCES = \
	tests/unit/runner/process_baton.c $(process_support)
tests_unit_runner_process_baton_LDADD = $(process_libs) $(PTHREAD_LIBS)
tests_unit_runner_process_cgroups_SOURCES = \
	tests/unit/runner/process_cgroups.c
tests_unit_runner_process_cgroups_LDADD = $(process_libs)
tests_unit_runner_process_guardian_SOURCES = \
	tests/unit/runner/process_guardian.c $(process_support)
tests_unit_runner_process_guardian_LDADD = $(process_libs)
tests_unit_runner_process_peer_SOURCES = \
	tests/unit/runner/process_peer.c $(process_support)
tests_unit_runner_process_peer_LDADD = $(process_libs)
tests_unit_runner_process_ports_SOURCES = \
	tests/unit/runner/process_ports.c
tests_unit_runner_process_ports_LDADD = $(process_libs)
tests_unit_runner_process_slot_SOURCES = \
	tests/unit/runner/process_slot.c $(process_support)
tests_unit_runner_process_slot_LDADD = $(process_libs)
tests_unit_runner_process_stage_SOURCES = \
	tests/unit/runner/process_stage.c
tests_unit_runner_process_stage_LDADD = $(process_libs)
tests_unit_runner_process_text_SOURCES = \
	tests/unit/runner/process_text.c
tests_unit_runner_process_text_LDADD = $(process_libs)
