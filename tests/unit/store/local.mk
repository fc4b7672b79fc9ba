# SPDX-License-Identifier: GPL-3.0-or-later
store_tests = \
	tests/unit/store/test_failures \
	tests/unit/store/test_history \
	tests/unit/store/test_loading \
	tests/unit/store/test_programs \
	tests/unit/store/test_runs \
	tests/unit/store/test_samples \
	tests/unit/store/test_worktree
TARE_UNIT_TESTS += $(store_tests)
EXTRA_DIST      += tests/unit/store/fixture.h

store_test_libs = libstore.a libbase.a libtare.la $(SQLITE_LIBS)
tests_unit_store_test_failures_SOURCES = tests/unit/store/test_failures.c
tests_unit_store_test_failures_LDADD = $(store_test_libs)
tests_unit_store_test_history_SOURCES = tests/unit/store/test_history.c
tests_unit_store_test_history_LDADD = $(store_test_libs)
tests_unit_store_test_loading_SOURCES = tests/unit/store/test_loading.c
tests_unit_store_test_loading_LDADD = $(store_test_libs)
tests_unit_store_test_programs_SOURCES = tests/unit/store/test_programs.c
tests_unit_store_test_programs_LDADD = $(store_test_libs)
tests_unit_store_test_runs_SOURCES = tests/unit/store/test_runs.c
tests_unit_store_test_runs_LDADD = $(store_test_libs)
tests_unit_store_test_samples_SOURCES = tests/unit/store/test_samples.c
tests_unit_store_test_samples_LDADD = $(store_test_libs)
tests_unit_store_test_worktree_SOURCES = tests/unit/store/test_worktree.c
tests_unit_store_test_worktree_LDADD = $(store_test_libs)
# looks into the database beside the interface
tests_unit_store_test_failures_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
