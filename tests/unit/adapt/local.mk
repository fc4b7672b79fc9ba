# SPDX-License-Identifier: GPL-3.0-or-later
adapt_tests = \
	tests/unit/adapt/test_commands \
	tests/unit/adapt/test_fingerprint \
	tests/unit/adapt/test_gbench \
	tests/unit/adapt/test_import \
	tests/unit/adapt/test_foreign_lists \
	tests/unit/adapt/test_foreign_verdicts \
	tests/unit/adapt/test_launcher \
	tests/unit/adapt/test_recipe
TARE_UNIT_TESTS += $(adapt_tests)
adapt_test_libs = libadapt.a librunner.a libstore.a libconfig.a libstats.a \
	libbase.a libtare.la $(YAML_LIBS) $(SQLITE_LIBS) $(HWLOC_LIBS) $(GSL_LIBS)
tests_unit_adapt_test_commands_SOURCES = tests/unit/adapt/test_commands.c
tests_unit_adapt_test_commands_LDADD   = $(adapt_test_libs)
tests_unit_adapt_test_fingerprint_SOURCES = \
	tests/unit/adapt/test_fingerprint.c
tests_unit_adapt_test_fingerprint_LDADD = $(adapt_test_libs)
tests_unit_adapt_test_gbench_SOURCES = tests/unit/adapt/test_gbench.c
tests_unit_adapt_test_gbench_LDADD   = $(adapt_test_libs)
tests_unit_adapt_test_import_SOURCES = tests/unit/adapt/test_import.c
tests_unit_adapt_test_import_LDADD   = $(adapt_test_libs)
foreign_test_data = tests/unit/adapt/foreign_data.h
tests_unit_adapt_test_foreign_lists_SOURCES = \
	tests/unit/adapt/test_foreign_lists.c $(foreign_test_data)
tests_unit_adapt_test_foreign_lists_LDADD   = $(adapt_test_libs)
tests_unit_adapt_test_foreign_verdicts_SOURCES = \
	tests/unit/adapt/test_foreign_verdicts.c $(foreign_test_data)
tests_unit_adapt_test_foreign_verdicts_LDADD   = $(adapt_test_libs)
EXTRA_DIST += tests/data/foreign
tests_unit_adapt_test_launcher_SOURCES = tests/unit/adapt/test_launcher.c
tests_unit_adapt_test_launcher_LDADD   = $(adapt_test_libs)
tests_unit_adapt_test_recipe_SOURCES = tests/unit/adapt/test_recipe.c
tests_unit_adapt_test_recipe_LDADD   = $(adapt_test_libs)
EXTRA_DIST += tests/data/import
