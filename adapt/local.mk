# SPDX-License-Identifier: GPL-3.0-or-later
# What is not linked with libtare: commands, other harnesses, their results.
noinst_LIBRARIES += libadapt.a
libadapt_a_SOURCES = \
	adapt/command_counts.c adapt/command_counts.h \
	adapt/command_worker.c adapt/command_worker.h \
	adapt/commands.c adapt/commands.h \
	adapt/fingerprint.c adapt/fingerprint.h \
	adapt/fixture_crew.c adapt/fixture_crew.h \
	adapt/fixture_executor.c adapt/fixture_executor.h \
	adapt/fixture_one.c adapt/fixture_one.h \
	adapt/fixtures.c adapt/fixtures.h \
	adapt/foreign.c adapt/foreign.h adapt/foreign_kinds.h \
	adapt/foreign_bench.c adapt/foreign_bench.h \
	adapt/foreign_gbench.c \
	adapt/foreign_ctest.c adapt/foreign_ctest.h \
	adapt/foreign_ctest_around.c adapt/foreign_ctest_judge.c \
	adapt/foreign_googletest.c \
	adapt/foreign_judge.c adapt/foreign_judge.h \
	adapt/foreign_parts.c \
	adapt/foreign_pytest.c adapt/tare_pytest.h \
	adapt/foreign_tap.c \
	adapt/foreign_worker.c adapt/foreign_worker.h \
	adapt/gbench_json.c adapt/gbench_json.h \
	adapt/gbench_parts.h \
	adapt/import.c adapt/import.h adapt/import_formats.h \
	adapt/import_asv.c \
	adapt/import_benchmarkdotnet.c \
	adapt/import_build.c adapt/import_parts.h \
	adapt/import_google_benchmark.c \
	adapt/import_catch2.c \
	adapt/import_criterion_rs.c \
	adapt/import_csv.c \
	adapt/import_go_bench.c \
	adapt/import_hyperfine.c \
	adapt/import_jmh.c \
	adapt/import_join.c \
	adapt/import_json.c \
	adapt/import_lines.c \
	adapt/import_nanobench.c \
	adapt/import_pyperf.c \
	adapt/import_pytest_benchmark.c \
	adapt/import_rust_libtest.c \
	adapt/import_value.c \
	adapt/judge.c adapt/judge.h \
	adapt/keep.c adapt/keep.h \
	adapt/launcher.c adapt/launcher.h \
	adapt/parts.h \
	adapt/ranking.c adapt/ranking.h \
	adapt/recipe.c adapt/recipe.h \
	adapt/series.c adapt/series.h
nodist_libadapt_a_SOURCES = adapt/tare_pytest.c
EXTRA_DIST += adapt/README.md adapt/tare_pytest.py
CLEANFILES += adapt/tare_pytest.c

# What Tare loads into pytest is a part of the program.
adapt/tare_pytest.c: $(srcdir)/adapt/tare_pytest.py tools/embed.sh
	$(AM_V_at)$(MKDIR_P) adapt
	$(AM_V_GEN)$(SHELL) $(srcdir)/tools/embed.sh \
	  $(srcdir)/adapt/tare_pytest.py adapt/tare_pytest.h tare_pytest >$@.new
	$(AM_V_at)mv $@.new $@
