# SPDX-License-Identifier: GPL-3.0-or-later

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
