# SPDX-License-Identifier: GPL-3.0-or-later
# Every folder of tests lists its own programs in a local.mk of its own.
include tests/unit/base/local.mk
include tests/unit/bench/local.mk
include tests/unit/stats/local.mk
include tests/unit/config/local.mk
include tests/unit/store/local.mk
include tests/unit/runner/local.mk
include tests/unit/adapt/local.mk
include tests/unit/report/local.mk
include tests/unit/cli/local.mk
include tests/browser/local.mk
include tests/cli/local.mk
include tests/fuzz/local.mk
include tests/slow/local.mk

EXTRA_DIST += tests/README.md tests/run-all tests/run-tare tests/tap-one \
	tests/processes.sh tests/tap.sh tests/unit/nomem.h
CLEANFILES += tests/check.db tests/check.db-shm tests/check.db-wal

# check runs the tests under `tare test`, check-plain without it.
tare_tests = srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
	CC='$(CC)' CXX='$(CXX)' $(SHELL)
tare_tested = $(check_PROGRAMS) $(noinst_PROGRAMS) $(bin_PROGRAMS) \
	$(lib_LTLIBRARIES)

.PHONY: check-tare check-plain
check-local: check-tare
check-tare: $(tare_tested)
	@$(tare_tests) $(top_srcdir)/tests/run-tare \
	    $(TARE_UNIT_TESTS) $(TARE_SHELL_TESTS)
check-plain: $(tare_tested)
	@$(tare_tests) $(top_srcdir)/tests/run-all \
	    $(TARE_UNIT_TESTS) $(TARE_SHELL_TESTS)
