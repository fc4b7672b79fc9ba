# SPDX-License-Identifier: GPL-3.0-or-later
config_tests = \
	tests/unit/config/test_baseline \
	tests/unit/config/test_manual \
	tests/unit/config/test_nomem \
	tests/unit/config/test_numbers \
	tests/unit/config/test_policy \
	tests/unit/config/test_select \
	tests/unit/config/test_suite \
	tests/unit/config/test_suite_errors
TARE_UNIT_TESTS  += $(config_tests)
TARE_SHELL_TESTS += tests/unit/config/t-manual.sh
config_test_libs = libconfig.a libbase.a libtare.la $(YAML_LIBS)
tests_unit_config_test_baseline_SOURCES = \
	tests/unit/config/test_baseline.c tests/unit/config/yaml_cases.h
tests_unit_config_test_baseline_LDADD = $(config_test_libs)
tests_unit_config_test_numbers_SOURCES = tests/unit/config/test_numbers.c
tests_unit_config_test_numbers_LDADD   = $(config_test_libs)
tests_unit_config_test_policy_SOURCES = tests/unit/config/test_policy.c
tests_unit_config_test_policy_LDADD   = $(config_test_libs)
tests_unit_config_test_select_SOURCES = \
	tests/unit/config/test_select.c tests/unit/config/yaml_cases.h
tests_unit_config_test_select_LDADD = $(config_test_libs)
tests_unit_config_test_suite_SOURCES = tests/unit/config/test_suite.c
tests_unit_config_test_suite_LDADD   = $(config_test_libs)
tests_unit_config_test_suite_errors_SOURCES = \
	tests/unit/config/test_suite_errors.c tests/unit/config/yaml_cases.h
tests_unit_config_test_suite_errors_LDADD = $(config_test_libs)
tests_unit_config_test_manual_SOURCES = tests/unit/config/test_manual.c
tests_unit_config_test_manual_LDADD   = $(config_test_libs)
tests_unit_config_test_nomem_SOURCES = tests/unit/config/test_nomem.c
tests_unit_config_test_nomem_LDADD   = $(config_test_libs)
tests_unit_config_test_nomem_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
