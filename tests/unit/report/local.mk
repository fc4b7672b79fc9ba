# SPDX-License-Identifier: GPL-3.0-or-later
report_tests = \
	tests/unit/report/test_bisect \
	tests/unit/report/test_dashboard \
	tests/unit/report/test_document \
	tests/unit/report/test_expected \
	tests/unit/report/test_forms \
	tests/unit/report/test_gate \
	tests/unit/report/test_history \
	tests/unit/report/test_list \
	tests/unit/report/test_memory \
	tests/unit/report/test_progress \
	tests/unit/report/test_run \
	tests/unit/report/test_scale \
	tests/unit/report/test_schema \
	tests/unit/report/test_tests \
	tests/unit/report/test_text \
	tests/unit/report/test_verify
TARE_UNIT_TESTS += $(report_tests)
report_test_libs = libreport.a librunner.a libstats.a libbase.a libtare.la \
	$(GSL_LIBS)
tests_unit_report_test_bisect_SOURCES = tests/unit/report/test_bisect.c \
	$(made_up)
tests_unit_report_test_bisect_LDADD = $(report_test_libs)
tests_unit_report_test_document_SOURCES = tests/unit/report/test_document.c \
	$(made_up)
tests_unit_report_test_document_LDADD = $(report_test_libs)
tests_unit_report_test_verify_SOURCES = tests/unit/report/test_verify.c
tests_unit_report_test_verify_LDADD   = $(report_test_libs)
tests_unit_report_test_expected_SOURCES = tests/unit/report/test_expected.c
tests_unit_report_test_expected_LDADD   = $(report_test_libs)
tests_unit_report_test_forms_SOURCES = tests/unit/report/test_forms.c
tests_unit_report_test_forms_LDADD = $(report_test_libs)
tests_unit_report_test_gate_SOURCES = tests/unit/report/test_gate.c $(made_up)
tests_unit_report_test_gate_LDADD   = $(report_test_libs)
tests_unit_report_test_history_SOURCES = tests/unit/report/test_history.c \
	$(made_up)
tests_unit_report_test_history_LDADD = $(report_test_libs)
tests_unit_report_test_dashboard_SOURCES = \
	tests/unit/report/test_dashboard.c $(made_up)
tests_unit_report_test_dashboard_LDADD = $(report_test_libs)
tests_unit_report_test_list_SOURCES = tests/unit/report/test_list.c $(made_up)
tests_unit_report_test_list_LDADD   = $(report_test_libs)
tests_unit_report_test_memory_SOURCES = tests/unit/report/test_memory.c \
	$(made_up)
tests_unit_report_test_memory_LDADD = $(report_test_libs)
tests_unit_report_test_memory_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_unit_report_test_progress_SOURCES = tests/unit/report/test_progress.c
tests_unit_report_test_progress_LDADD   = $(report_test_libs)
tests_unit_report_test_run_SOURCES  = tests/unit/report/test_run.c $(made_up)
tests_unit_report_test_run_LDADD    = $(report_test_libs)
tests_unit_report_test_scale_SOURCES = tests/unit/report/test_scale.c \
	$(made_up)
tests_unit_report_test_scale_LDADD   = $(report_test_libs) $(HWLOC_LIBS)
tests_unit_report_test_schema_SOURCES = tests/unit/report/test_schema.c \
	tests/unit/report/json_tree.c tests/unit/report/json_tree.h
tests_unit_report_test_schema_LDADD = $(report_test_libs)
tests_unit_report_test_tests_SOURCES = tests/unit/report/test_tests.c
tests_unit_report_test_tests_LDADD  = $(report_test_libs)
tests_unit_report_test_text_SOURCES = tests/unit/report/test_text.c
tests_unit_report_test_text_LDADD   = $(report_test_libs)
made_up = tests/unit/report/made_up.c tests/unit/report/made_up.h
EXTRA_DIST += tests/unit/report/golden.h tests/golden
