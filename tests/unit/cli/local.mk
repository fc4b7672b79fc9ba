# SPDX-License-Identifier: GPL-3.0-or-later
cli_tests = \
	tests/unit/cli/test_bisect \
	tests/unit/cli/test_exit \
	tests/unit/cli/test_help \
	tests/unit/cli/test_layout \
	tests/unit/cli/test_options \
	tests/unit/cli/test_selftest \
	tests/unit/cli/test_recipes \
	tests/unit/cli/test_terminal
TARE_UNIT_TESTS += $(cli_tests)
cli_test_libs = $(tare_libs) libtare.la
tests_unit_cli_test_bisect_SOURCES  = tests/unit/cli/test_bisect.c
tests_unit_cli_test_bisect_LDADD    = $(cli_test_libs)
tests_unit_cli_test_exit_SOURCES    = tests/unit/cli/test_exit.c
tests_unit_cli_test_exit_LDADD      = $(cli_test_libs)
tests_unit_cli_test_help_SOURCES    = tests/unit/cli/test_help.c
tests_unit_cli_test_help_LDADD      = $(cli_test_libs)
tests_unit_cli_test_layout_SOURCES  = tests/unit/cli/test_layout.c
tests_unit_cli_test_layout_LDADD    = $(cli_test_libs)
tests_unit_cli_test_options_SOURCES = tests/unit/cli/test_options.c
tests_unit_cli_test_options_LDADD   = $(cli_test_libs)
tests_unit_cli_test_options_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_unit_cli_test_recipes_SOURCES  = tests/unit/cli/test_recipes.c
tests_unit_cli_test_recipes_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
tests_unit_cli_test_recipes_LDADD    = $(cli_test_libs)
tests_unit_cli_test_selftest_SOURCES = tests/unit/cli/test_selftest.c
tests_unit_cli_test_selftest_LDADD   = $(cli_test_libs)
tests_unit_cli_test_terminal_SOURCES = tests/unit/cli/test_terminal.c
tests_unit_cli_test_terminal_LDADD   = $(cli_test_libs)
