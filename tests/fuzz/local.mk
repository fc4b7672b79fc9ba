# SPDX-License-Identifier: GPL-3.0-or-later
# One target per parser.  `make check` replays every corpus with any compiler;
# `make check-fuzz` lets libFuzzer loose on each for FUZZ_SECONDS.  The driver,
# which holds main(), is a variable so that libFuzzer's can take its place.
FUZZ_DRIVER  = tests/fuzz/libreplay.a libbase.a
FUZZ_SECONDS = 15

check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c tests/fuzz/target.h

fuzz_targets = \
	tests/fuzz/fuzz_args \
	tests/fuzz/fuzz_baseline \
	tests/fuzz/fuzz_callgrind \
	tests/fuzz/fuzz_document \
	tests/fuzz/fuzz_elf \
	tests/fuzz/fuzz_escape \
	tests/fuzz/fuzz_foreign \
	tests/fuzz/fuzz_import \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_loading \
	tests/fuzz/fuzz_machine \
	tests/fuzz/fuzz_message \
	tests/fuzz/fuzz_number \
	tests/fuzz/fuzz_options \
	tests/fuzz/fuzz_order \
	tests/fuzz/fuzz_recipe \
	tests/fuzz/fuzz_samples \
	tests/fuzz/fuzz_select \
	tests/fuzz/fuzz_spawn \
	tests/fuzz/fuzz_suite \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_units
check_PROGRAMS   += $(fuzz_targets)
TARE_SHELL_TESTS += tests/fuzz/t-replay.sh
EXTRA_DIST       += tests/fuzz/README.md tests/fuzz/corpus tests/fuzz/run-fuzz

fuzz_config_libs = libconfig.a libbase.a $(YAML_LIBS)
tests_fuzz_fuzz_baseline_SOURCES = tests/fuzz/fuzz_baseline.c
tests_fuzz_fuzz_baseline_LDADD   = $(FUZZ_DRIVER) $(fuzz_config_libs)
tests_fuzz_fuzz_number_SOURCES   = tests/fuzz/fuzz_number.c
tests_fuzz_fuzz_number_LDADD     = $(FUZZ_DRIVER) $(fuzz_config_libs)
tests_fuzz_fuzz_select_SOURCES   = tests/fuzz/fuzz_select.c
tests_fuzz_fuzz_select_LDADD     = $(FUZZ_DRIVER) $(fuzz_config_libs)
tests_fuzz_fuzz_suite_SOURCES    = tests/fuzz/fuzz_suite.c
tests_fuzz_fuzz_suite_LDADD      = $(FUZZ_DRIVER) $(fuzz_config_libs)
tests_fuzz_fuzz_text_SOURCES     = tests/fuzz/fuzz_text.c
tests_fuzz_fuzz_text_LDADD       = $(FUZZ_DRIVER) $(fuzz_config_libs)
tests_fuzz_fuzz_json_SOURCES     = tests/fuzz/fuzz_json.c
tests_fuzz_fuzz_json_LDADD       = $(FUZZ_DRIVER) libbase.a
tests_fuzz_fuzz_units_SOURCES    = tests/fuzz/fuzz_units.c
tests_fuzz_fuzz_units_LDADD      = $(FUZZ_DRIVER) libbase.a

tests_fuzz_fuzz_document_SOURCES = tests/fuzz/fuzz_document.c
tests_fuzz_fuzz_document_LDADD  = $(FUZZ_DRIVER) libreport.a librunner.a \
	libstats.a libbase.a $(GSL_LIBS)
tests_fuzz_fuzz_escape_SOURCES  = tests/fuzz/fuzz_escape.c
tests_fuzz_fuzz_escape_LDADD    = $(FUZZ_DRIVER) libreport.a librunner.a \
	libstats.a libbase.a $(GSL_LIBS)
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c
tests_fuzz_fuzz_options_LDADD   = $(FUZZ_DRIVER) $(tare_libs)

fuzz_process_libs = librunner.a libbase.a
tests_fuzz_fuzz_callgrind_SOURCES = tests/fuzz/fuzz_callgrind.c
tests_fuzz_fuzz_callgrind_LDADD   = $(FUZZ_DRIVER) librunner.a libstats.a \
	libbase.a $(GSL_LIBS)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c
tests_fuzz_fuzz_message_LDADD   = $(FUZZ_DRIVER) $(fuzz_process_libs)
tests_fuzz_fuzz_spawn_SOURCES   = tests/fuzz/fuzz_spawn.c
tests_fuzz_fuzz_spawn_LDADD     = $(FUZZ_DRIVER) $(fuzz_process_libs)

tests_fuzz_fuzz_machine_SOURCES = tests/fuzz/fuzz_machine.c
tests_fuzz_fuzz_machine_LDADD   = $(FUZZ_DRIVER) $(fuzz_process_libs) \
	$(HWLOC_LIBS)

tests_fuzz_fuzz_foreign_SOURCES = tests/fuzz/fuzz_foreign.c
tests_fuzz_fuzz_foreign_LDADD   = $(FUZZ_DRIVER) libadapt.a librunner.a \
	libstore.a libconfig.a libstats.a libbase.a $(YAML_LIBS) $(SQLITE_LIBS) \
	$(HWLOC_LIBS) $(GSL_LIBS)
tests_fuzz_fuzz_recipe_SOURCES = tests/fuzz/fuzz_recipe.c
tests_fuzz_fuzz_recipe_LDADD   = $(FUZZ_DRIVER) libadapt.a libbase.a
tests_fuzz_fuzz_import_SOURCES = tests/fuzz/fuzz_import.c
tests_fuzz_fuzz_import_LDADD   = $(FUZZ_DRIVER) libadapt.a libbase.a

fuzz_store_libs = libstore.a libbase.a $(SQLITE_LIBS)
tests_fuzz_fuzz_elf_SOURCES     = tests/fuzz/fuzz_elf.c tests/fuzz/hex.h
tests_fuzz_fuzz_elf_LDADD       = $(FUZZ_DRIVER) $(fuzz_store_libs)
tests_fuzz_fuzz_loading_SOURCES = tests/fuzz/fuzz_loading.c
tests_fuzz_fuzz_loading_LDADD   = $(FUZZ_DRIVER) $(fuzz_store_libs)
tests_fuzz_fuzz_samples_SOURCES = tests/fuzz/fuzz_samples.c tests/fuzz/hex.h
tests_fuzz_fuzz_samples_LDADD   = $(FUZZ_DRIVER) $(fuzz_store_libs)

# libbench, because libtare would bring a main().
tests_fuzz_fuzz_args_SOURCES  = tests/fuzz/fuzz_args.c
tests_fuzz_fuzz_args_LDADD    = $(FUZZ_DRIVER) libbench.la $(PTHREAD_LIBS)
tests_fuzz_fuzz_order_SOURCES = tests/fuzz/fuzz_order.c
tests_fuzz_fuzz_order_LDADD   = $(FUZZ_DRIVER) libbench.la $(PTHREAD_LIBS)

.PHONY: check-fuzz
check-fuzz:
	@srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
	MAKE='$(MAKE)' FUZZ_SECONDS='$(FUZZ_SECONDS)' \
	$(SHELL) $(top_srcdir)/tests/fuzz/run-fuzz $(fuzz_targets)
