# SPDX-License-Identifier: GPL-3.0-or-later
config_tests = \
	tests/unit/config/test_baseline
TARE_UNIT_TESTS += $(config_tests)
config_test_libs = libconfig.a libbase.a libtare.la $(YAML_LIBS)
tests_unit_config_test_baseline_SOURCES = \
	tests/unit/config/test_baseline.c tests/unit/config/yaml_cases.h
tests_unit_config_test_baseline_LDADD = $(config_test_libs)
