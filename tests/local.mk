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
include tests/cli/local.mk
include tests/fuzz/local.mk
include tests/slow/local.mk

EXTRA_DIST += tests/README.md tests/run-all tests/tap.sh

.PHONY: check-tare
check-local: check-tare
check-tare: $(check_PROGRAMS) $(noinst_PROGRAMS) $(bin_PROGRAMS) $(lib_LTLIBRARIES)
	@srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
	CC='$(CC)' CXX='$(CXX)' \
	$(SHELL) $(top_srcdir)/tests/run-all $(TARE_UNIT_TESTS) $(TARE_SHELL_TESTS)
