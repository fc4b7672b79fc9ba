# SPDX-License-Identifier: GPL-3.0-or-later
# What takes minutes: error rates with their binomial intervals.
#     make check-slow
stats_slow = \
	tests/slow/stats_history \
	tests/slow/stats_real \
	tests/slow/stats_scaling \
	tests/slow/stats_stored \
	tests/slow/stats_two_stage
EXTRA_PROGRAMS += $(stats_slow)
CLEANFILES     += $(stats_slow)
stats_slow_libs = libstats.a libbase.a $(GSL_LIBS)
slow_common = tests/slow/rates.c tests/slow/rates.h \
	tests/slow/rule.c tests/slow/rule.h \
	tests/slow/sessions.c tests/slow/sessions.h
tests_slow_stats_history_SOURCES = tests/slow/stats_history.c $(slow_common)
tests_slow_stats_history_LDADD   = $(stats_slow_libs)
tests_slow_stats_real_SOURCES = tests/slow/stats_real.c $(slow_common)
tests_slow_stats_real_LDADD   = $(stats_slow_libs)
tests_slow_stats_scaling_SOURCES = tests/slow/stats_scaling.c $(slow_common)
tests_slow_stats_scaling_LDADD   = $(stats_slow_libs)
tests_slow_stats_stored_SOURCES = tests/slow/stats_stored.c $(slow_common)
tests_slow_stats_stored_LDADD   = $(stats_slow_libs)
tests_slow_stats_two_stage_SOURCES = tests/slow/stats_two_stage.c $(slow_common)
tests_slow_stats_two_stage_LDADD   = $(stats_slow_libs)
EXTRA_DIST += \
	tests/slow/bisect.sh tests/slow/foreign.sh \
	tests/slow/data/README.md \
	tests/slow/data/medians.py \
	tests/slow/data/pairs.py \
	tests/slow/data/pairs.txt \
	tests/slow/data/series.py \
	tests/slow/data/series.txt \
	tests/slow/data/sessions.txt \
	tests/slow/data/sittings.py \
	tests/slow/data/sittings.txt

.PHONY: check-slow check-slow-stats check-slow-bisect check-slow-foreign
check-slow: check-slow-stats check-slow-bisect check-slow-foreign
check-slow-foreign: tare
	@srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' CXX='$(CXX)' \
	  TARE='$(abs_top_builddir)/tare' \
	  sh '$(abs_top_srcdir)/tests/slow/foreign.sh'
check-slow-bisect: tare libtare.la
	@srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' CC='$(CC)' \
	  sh '$(abs_top_srcdir)/tests/slow/bisect.sh' 10
check-slow-stats: $(stats_slow)
	@status=0; for t in $(stats_slow); do \
	  echo "== $$t"; \
	  SLOW_DATA='$(abs_top_srcdir)/tests/slow/data' ./$$t || status=1; \
	done; exit $$status
