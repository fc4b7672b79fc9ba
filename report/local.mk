# SPDX-License-Identifier: GPL-3.0-or-later
# From data to text: pure functions that append to a strbuf.
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	report/annotations.c report/annotations.h \
	report/baseline.c report/baseline.h \
	report/beside.c report/beside.h \
	report/bisect.c report/bisect.h \
	report/columns.c report/columns.h \
	report/dashboard.c report/dashboard.h \
	report/dashboard_history.c report/dashboard_parts.h \
	report/dashboard_points.c \
	report/dashboard_sides.c \
	report/document.c report/document.h \
	report/document_gate.c report/document_parts.h \
	report/document_run.c \
	report/document_shards.c \
	report/document_tests.c \
	report/expected.c report/expected.h \
	report/gate.c report/gate.h \
	report/gate_explain.c \
	report/gate_files.c \
	report/gate_stored.c report/gate_stored.h \
	report/gate_text.c \
	report/history.c report/history.h \
	report/history_files.c report/history_parts.h \
	report/history_text.c \
	report/junit.c report/junit.h \
	report/list.c report/list.h \
	report/markdown.c \
	report/moments.c report/moments.h \
	report/openmetrics.c report/openmetrics.h \
	report/page.h \
	report/parts.c report/parts.h \
	report/progress.c report/progress.h \
	report/run.c report/run.h \
	report/run_json.c \
	report/run_tables.c \
	report/run_tags.c report/run_tags.h \
	report/run_text.c \
	report/scale.h report/scale_json.c \
	report/scale_parts.h report/scale_tables.c \
	report/scale_text.c report/scale_words.c \
	report/table.c report/table.h \
	report/tests.c report/tests.h \
	report/tests_files.c report/tests_load.c \
	report/tests_stored.c report/tests_stored.h \
	report/verify.c report/verify.h \
	report/text.c report/text.h
EXTRA_DIST += report/README.md
