# SPDX-License-Identifier: GPL-3.0-or-later
# One test a line, sorted.
TARE_SHELL_TESTS += tests/cli/t-bisect.sh
TARE_SHELL_TESTS += tests/cli/t-check.sh
TARE_SHELL_TESTS += tests/cli/t-ci.sh
TARE_SHELL_TESTS += tests/cli/t-commands.sh
TARE_SHELL_TESTS += tests/cli/t-completion.sh
TARE_SHELL_TESTS += tests/cli/t-debug.sh
TARE_SHELL_TESTS += tests/cli/t-examples.sh
TARE_SHELL_TESTS += tests/cli/t-expect.sh
TARE_SHELL_TESTS += tests/cli/t-docs.sh
TARE_SHELL_TESTS += tests/cli/t-doctor.sh
TARE_SHELL_TESTS += tests/cli/t-import.sh
TARE_SHELL_TESTS += tests/cli/t-foreign.sh
TARE_SHELL_TESTS += tests/cli/t-isolation.sh
TARE_SHELL_TESTS += tests/cli/t-junit.sh
TARE_SHELL_TESTS += tests/cli/t-layout.sh
TARE_SHELL_TESTS += tests/cli/t-fixtures.sh
TARE_SHELL_TESTS += tests/cli/t-lint.sh
TARE_SHELL_TESTS += tests/cli/t-manual.sh
TARE_SHELL_TESTS += tests/cli/t-mistakes.sh
TARE_SHELL_TESTS += tests/cli/t-metrics.sh
TARE_SHELL_TESTS += tests/cli/t-ports.sh
TARE_SHELL_TESTS += tests/cli/t-quickstart.sh
TARE_SHELL_TESTS += tests/cli/t-services.sh
TARE_SHELL_TESTS += tests/cli/t-side.sh
TARE_SHELL_TESTS += tests/cli/t-store.sh
TARE_SHELL_TESTS += tests/cli/t-test.sh
TARE_SHELL_TESTS += tests/cli/t-test-fixtures.sh
TARE_SHELL_TESTS += tests/cli/t-test-order.sh
TARE_SHELL_TESTS += tests/cli/t-test-report.sh
TARE_SHELL_TESTS += tests/cli/t-topology.sh
TARE_SHELL_TESTS += tests/cli/t-tracked.sh
TARE_SHELL_TESTS += tests/cli/t-trust.sh
TARE_SHELL_TESTS += tests/cli/t-tutorial.sh
TARE_SHELL_TESTS += tests/cli/t-usage.sh

gate_programs = tests/cli/gate_old tests/cli/gate_slow tests/cli/gate_version \
	tests/cli/gate_slower tests/cli/gate_result tests/cli/gate_crash \
	tests/cli/gate_fewer tests/cli/gate_real_old tests/cli/gate_real_slow
check_PROGRAMS   += $(gate_programs)
TARE_SHELL_TESTS += tests/cli/t-gate.sh
TARE_SHELL_TESTS += tests/cli/t-stored.sh
tests_cli_gate_old_SOURCES      = tests/cli/gate_subject.c
tests_cli_gate_old_LDADD        = libtare.la
tests_cli_gate_slow_SOURCES     = tests/cli/gate_subject.c
tests_cli_gate_slow_CPPFLAGS    = $(AM_CPPFLAGS) -DWORK=6000
tests_cli_gate_slow_LDADD       = libtare.la
tests_cli_gate_slower_SOURCES   = tests/cli/gate_subject.c
tests_cli_gate_slower_CPPFLAGS  = $(AM_CPPFLAGS) -DWORK=8000
tests_cli_gate_slower_LDADD     = libtare.la
tests_cli_gate_version_SOURCES  = tests/cli/gate_subject.c
tests_cli_gate_version_CPPFLAGS = $(AM_CPPFLAGS) -DCASE_VERSION=2
tests_cli_gate_version_LDADD    = libtare.la
tests_cli_gate_result_SOURCES   = tests/cli/gate_subject.c
tests_cli_gate_result_CPPFLAGS  = $(AM_CPPFLAGS) -DRESULT=8
tests_cli_gate_result_LDADD     = libtare.la
tests_cli_gate_crash_SOURCES    = tests/cli/gate_subject.c
tests_cli_gate_crash_CPPFLAGS   = $(AM_CPPFLAGS) -DCRASH
tests_cli_gate_crash_LDADD      = libtare.la
tests_cli_gate_fewer_SOURCES    = tests/cli/gate_subject.c
tests_cli_gate_fewer_CPPFLAGS   = $(AM_CPPFLAGS) -DFEWER
tests_cli_gate_fewer_LDADD      = libtare.la
tests_cli_gate_real_old_SOURCES   = tests/cli/gate_subject.c
tests_cli_gate_real_old_CPPFLAGS  = $(AM_CPPFLAGS) -DREAL
tests_cli_gate_real_old_LDADD     = libtare.la
tests_cli_gate_real_slow_SOURCES  = tests/cli/gate_subject.c
tests_cli_gate_real_slow_CPPFLAGS = $(AM_CPPFLAGS) -DREAL -DWORK=6000
tests_cli_gate_real_slow_LDADD    = libtare.la

check_PROGRAMS += tests/cli/metrics_subject
tests_cli_metrics_subject_SOURCES = tests/cli/metrics_subject.c
tests_cli_metrics_subject_LDADD   = libtare.la
check_PROGRAMS += tests/cli/test_subject
tests_cli_test_subject_SOURCES = tests/cli/test_subject.c
tests_cli_test_subject_LDADD   = libtare.la
check_PROGRAMS   += tests/cli/survive_subject
TARE_SHELL_TESTS += tests/cli/t-survive.sh
tests_cli_survive_subject_SOURCES = tests/cli/survive_subject.c
tests_cli_survive_subject_LDADD   = libtare.la

check_PROGRAMS   += tests/cli/weight_subject
tests_cli_weight_subject_SOURCES = tests/cli/weight_subject.c
tests_cli_weight_subject_LDADD   = libtare.la
TARE_SHELL_TESTS += tests/cli/t-alerts.sh
check_PROGRAMS   += tests/cli/history_fill
tests_cli_history_fill_SOURCES = tests/cli/history_fill.c
tests_cli_history_fill_LDADD   = libstore.a libbase.a $(SQLITE_LIBS)
TARE_SHELL_TESTS += tests/cli/t-history.sh
TARE_SHELL_TESTS += tests/cli/t-history-file.sh
TARE_SHELL_TESTS += tests/cli/t-report.sh

check_PROGRAMS   += tests/cli/scale_new tests/cli/scale_slow
TARE_SHELL_TESTS += tests/cli/t-scale.sh
tests_cli_scale_new_SOURCES   = tests/cli/scale_subject.c
tests_cli_scale_new_LDADD     = libtare.la
tests_cli_scale_slow_SOURCES  = tests/cli/scale_subject.c
tests_cli_scale_slow_CPPFLAGS = $(AM_CPPFLAGS) -DSCALE_NAP=20
tests_cli_scale_slow_LDADD    = libtare.la
EXTRA_DIST += tests/data/junit.xsd
check_PROGRAMS   += tests/cli/hostile
tests_cli_hostile_SOURCES = tests/cli/hostile.c
TARE_SHELL_TESTS += tests/cli/t-serve.sh
