# SPDX-License-Identifier: GPL-3.0-or-later
# The archive also gives access to what the library does not export.
bench_tests = \
	tests/unit/bench/test_context \
	tests/unit/bench/test_counts \
	tests/unit/bench/test_direct \
	tests/unit/bench/test_fixture \
	tests/unit/bench/test_garbage \
	tests/unit/bench/test_histogram \
	tests/unit/bench/test_isolate \
	tests/unit/bench/test_judge \
	tests/unit/bench/test_leftover \
	tests/unit/bench/test_loop \
	tests/unit/bench/test_message \
	tests/unit/bench/test_misuse \
	tests/unit/bench/test_params \
	tests/unit/bench/test_registry \
	tests/unit/bench/test_team \
	tests/unit/bench/test_worker
TARE_UNIT_TESTS += $(bench_tests)

# Started by tests; holds cases that fail on purpose.
check_PROGRAMS += tests/unit/bench/subject
tests_unit_bench_subject_SOURCES = tests/unit/bench/subject.c \
	tests/unit/bench/subject_tests.c
tests_unit_bench_subject_LDADD   = libtare.la

tests_unit_bench_test_context_SOURCES = tests/unit/bench/test_context.c
tests_unit_bench_test_context_LDADD   = libtare.la
tests_unit_bench_test_counts_SOURCES = tests/unit/bench/test_counts.c \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_counts_LDADD   = libtare.la
tests_unit_bench_test_direct_SOURCES = tests/unit/bench/test_direct.c \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_direct_LDADD   = libtare.la
tests_unit_bench_test_fixture_SOURCES = tests/unit/bench/test_fixture.c
tests_unit_bench_test_fixture_LDADD   = libtare.la
tests_unit_bench_test_garbage_SOURCES = tests/unit/bench/test_garbage.c \
	tests/unit/bench/peer.c tests/unit/bench/peer.h \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_garbage_LDADD   = libtare.la
tests_unit_bench_test_histogram_SOURCES = tests/unit/bench/test_histogram.c
tests_unit_bench_test_histogram_LDADD   = libtare.la
tests_unit_bench_test_isolate_SOURCES = tests/unit/bench/test_isolate.c \
	tests/unit/bench/peer.c tests/unit/bench/peer.h
tests_unit_bench_test_isolate_LDADD   = libtare.la
tests_unit_bench_test_judge_SOURCES = tests/unit/bench/test_judge.c
tests_unit_bench_test_judge_LDADD   = libtare.la
tests_unit_bench_test_leftover_SOURCES = tests/unit/bench/test_leftover.c \
	tests/unit/bench/peer.c tests/unit/bench/peer.h
tests_unit_bench_test_leftover_LDADD   = libtare.la
tests_unit_bench_test_loop_SOURCES = tests/unit/bench/test_loop.c \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_loop_LDADD   = libtare.la
tests_unit_bench_test_message_SOURCES = tests/unit/bench/test_message.c
tests_unit_bench_test_message_LDADD   = libtare.la
tests_unit_bench_test_misuse_SOURCES = tests/unit/bench/test_misuse.c \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_misuse_LDADD   = libtare.la
tests_unit_bench_test_params_SOURCES = tests/unit/bench/test_params.c
tests_unit_bench_test_params_LDADD   = libtare.la
tests_unit_bench_test_registry_SOURCES = tests/unit/bench/test_registry.c
tests_unit_bench_test_registry_LDADD   = libtare.la
tests_unit_bench_test_team_SOURCES = tests/unit/bench/test_team.c \
	tests/unit/bench/scripted.c tests/unit/bench/scripted.h
tests_unit_bench_test_team_LDADD   = libtare.la
tests_unit_bench_test_worker_SOURCES = tests/unit/bench/test_worker.c \
	tests/unit/bench/peer.c tests/unit/bench/peer.h
tests_unit_bench_test_worker_LDADD   = libtare.la

TARE_SHELL_TESTS += \
	tests/unit/bench/t-assembly.sh \
	tests/unit/bench/t-direct.sh \
	tests/unit/bench/t-languages.sh \
	tests/unit/bench/t-manual.sh
EXTRA_DIST += \
	tests/unit/bench/keep.c \
	tests/unit/bench/languages.c
