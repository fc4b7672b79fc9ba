# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += perf/README.md

# perf/baseline_load: loading a large baseline beside libyaml alone.
EXTRA_PROGRAMS             += perf/baseline_load
CLEANFILES                 += perf/baseline_load
perf_baseline_load_SOURCES  = perf/baseline_load.c
perf_baseline_load_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
perf_baseline_load_LDADD    = libconfig.a libbase.a $(YAML_LIBS)

# perf/store_figures: the store at a million case results.
EXTRA_PROGRAMS            += perf/store_figures
CLEANFILES                += perf/store_figures
perf_store_figures_SOURCES = perf/store_figures.c
perf_store_figures_LDADD   = libstore.a libbase.a $(SQLITE_LIBS) -lm

# make perf-loop: what TARE_LOOP costs, beside Google Benchmark's loop.
EXTRA_PROGRAMS    += perf/loop
CLEANFILES        += perf/loop
perf_loop_SOURCES  = perf/loop.cc perf/loop_tare.c perf/loop_tare.h
perf_loop_CXXFLAGS = -std=gnu++17 -Wall -Wextra $(SAN_FLAGS) -falign-loops=32
perf_loop_LDADD    = libtare.la -lbenchmark

.PHONY: perf-loop
perf-loop:
	@if echo '#include <benchmark/benchmark.h>' | \
	    $(CXX) -std=gnu++17 -E -x c++ - >/dev/null 2>&1; then \
	    $(MAKE) perf/loop && perf/loop; \
	else echo 'perf-loop: left out, Google Benchmark is not installed'; fi

# What the best use of a second is; see docs/measuring.md.
EXTRA_PROGRAMS     += perf/design
CLEANFILES         += perf/design
perf_design_SOURCES = perf/design.c
perf_design_LDADD   = librunner.a libstore.a libstats.a libbase.a libtare.la \
	$(GSL_LIBS) $(HWLOC_LIBS) $(SQLITE_LIBS)
.PHONY: perf-design
perf-design: perf/design
	perf/design

# make perf-stats: the statistics, beside R and SciPy on the same numbers.
EXTRA_PROGRAMS           += perf/stats/stats
CLEANFILES               += perf/stats/stats
EXTRA_DIST               += perf/stats/stats.R perf/stats/stats.py \
	perf/stats/stats.sh
perf_stats_stats_SOURCES  = perf/stats/stats.c
perf_stats_stats_LDADD    = libstats.a libbase.a $(GSL_LIBS)
.PHONY: perf-stats
perf-stats: perf/stats/stats
	@sh $(srcdir)/perf/stats/stats.sh perf/stats/stats $(srcdir)/perf/stats
