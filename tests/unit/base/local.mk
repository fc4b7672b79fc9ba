# SPDX-License-Identifier: GPL-3.0-or-later
base_tests = \
	tests/unit/base/test_base \
	tests/unit/base/test_json_read \
	tests/unit/base/test_nearest
TARE_UNIT_TESTS += $(base_tests)
tests_unit_base_test_base_SOURCES = tests/unit/base/test_base.c
tests_unit_base_test_base_LDADD   = libbase.a libtare.la
tests_unit_base_test_nearest_SOURCES = tests/unit/base/test_nearest.c
tests_unit_base_test_nearest_LDADD   = libbase.a libtare.la
tests_unit_base_test_json_read_SOURCES = tests/unit/base/test_json_read.c
tests_unit_base_test_json_read_LDADD   = libbase.a libtare.la
