# SPDX-License-Identifier: GPL-3.0-or-later
report_tests = \
	tests/unit/report/test_text
TARE_UNIT_TESTS += $(report_tests)
report_test_libs = libreport.a libstats.a libbase.a libtare.la $(GSL_LIBS)
tests_unit_report_test_text_SOURCES = tests/unit/report/test_text.c
tests_unit_report_test_text_LDADD   = $(report_test_libs)
EXTRA_DIST += tests/unit/report/golden.h tests/golden
