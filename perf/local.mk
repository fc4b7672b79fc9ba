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

# make perf-detect: what Tare finds and raises false alarms about, beside its
# peers.
detect_programs = perf/detect/with_tare perf/detect/with_gbench \
	perf/detect/plain
EXTRA_PROGRAMS  += $(detect_programs)
CLEANFILES      += $(detect_programs)
EXTRA_DIST      += perf/detect/detect.py perf/detect/rates.py \
	perf/detect/tools.py
detect_work      = perf/detect/work.c perf/detect/work.h
detect_libs      = librunner.a libstore.a libbase.a $(SQLITE_LIBS) -lm
perf_detect_with_tare_SOURCES    = perf/detect/with_tare.c $(detect_work)
perf_detect_with_tare_LDADD      = $(detect_libs) libtare.la
perf_detect_plain_SOURCES        = perf/detect/plain.c $(detect_work)
perf_detect_plain_LDADD          = $(detect_libs)
perf_detect_with_gbench_SOURCES  = perf/detect/with_gbench.cc $(detect_work)
perf_detect_with_gbench_CXXFLAGS = -std=gnu++17 -O2 -Wall -Wextra $(SAN_FLAGS)
perf_detect_with_gbench_LDADD    = $(detect_libs) -lbenchmark -lpthread
DETECT_OPTIONS =
.PHONY: perf-detect
perf-detect: tare
	$(MAKE) perf/detect/with_tare perf/detect/plain
	-@if echo '#include <benchmark/benchmark.h>' | \
	    $(CXX) -std=gnu++17 -E -x c++ - >/dev/null 2>&1; then \
	    $(MAKE) perf/detect/with_gbench; fi
	$${PYTHON:-python3} $(srcdir)/perf/detect/detect.py --tare ./tare \
	    --programs perf/detect $(DETECT_OPTIONS)

# make perf-commands: measuring a short command, beside hyperfine.
EXTRA_PROGRAMS            += perf/commands/spin
CLEANFILES                += perf/commands/spin
EXTRA_DIST                += perf/commands/commands.py
perf_commands_spin_SOURCES = perf/commands/spin.c
.PHONY: perf-commands
perf-commands: tare perf/commands/spin
	$${PYTHON:-python3} $(srcdir)/perf/commands/commands.py --tare ./tare \
	    --spin perf/commands/spin

# make perf-tests: running tests, beside peers.
perf_tests = perf/tests/suite perf/tests/few
EXTRA_PROGRAMS           += $(perf_tests)
CLEANFILES               += $(perf_tests)
EXTRA_DIST               += perf/tests/tests.py perf/tests/with_check.c \
	perf/tests/with_criterion.c
perf_tests_suite_SOURCES  = perf/tests/suite.c
perf_tests_suite_CPPFLAGS = $(AM_CPPFLAGS) -DEMPTY_TESTS='"10000"'
perf_tests_suite_LDADD    = libtare.la
perf_tests_few_SOURCES    = perf/tests/suite.c
perf_tests_few_LDADD      = libtare.la
PERF_TESTS_OPTIONS        =
.PHONY: perf-tests
perf-tests: tare $(perf_tests)
	$${PYTHON:-python3} $(srcdir)/perf/tests/tests.py --tare ./tare \
	    --suite perf/tests/suite --few perf/tests/few --cc '$(CC)' $(PERF_TESTS_OPTIONS)

# make perf-suite: how long a comparison of 104 unchanged cases takes.
EXTRA_PROGRAMS += perf/detect/suite
CLEANFILES     += perf/detect/suite
EXTRA_DIST     += perf/detect/suite.sh
perf_detect_suite_SOURCES = perf/detect/suite.c $(detect_work)
perf_detect_suite_LDADD   = $(detect_libs) libtare.la
SUITE_OPTIONS =
.PHONY: perf-suite
perf-suite: tare
	$(MAKE) perf/detect/suite
	sh $(srcdir)/perf/detect/suite.sh ./tare perf/detect/suite \
	    $(SUITE_OPTIONS)

# make perf-dashboard: the page of 5 000 cases and 1 000 revisions in Chromium.
EXTRA_PROGRAMS             += perf/dashboard/page
CLEANFILES                 += perf/dashboard/page perf/dashboard/page.html
EXTRA_DIST                 += perf/dashboard/measure.mjs
perf_dashboard_page_SOURCES = perf/dashboard/page.c
perf_dashboard_page_LDADD   = libreport.a librunner.a libstats.a libbase.a \
	$(GSL_LIBS) -lm
.PHONY: perf-dashboard
perf-dashboard: perf/dashboard/page
	perf/dashboard/page 5000 1000 >perf/dashboard/page.html
	MODULES=dashboard/npm/node_modules BROWSER=$$(command -v chromium) \
	  node $(srcdir)/perf/dashboard/measure.mjs perf/dashboard/page.html
