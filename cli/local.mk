# SPDX-License-Identifier: GPL-3.0-or-later
# The command.  Everything but main() is an archive, so that tests can link it.
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	cli/baselines.c cli/baselines.h \
	cli/bisect.c cli/bisect.h \
	cli/bisect_plan.c cli/bisect_plan.h \
	cli/bisect_revisions.c cli/bisect_revisions.h \
	cli/cmd.h \
	cli/cmd_check.c \
	cli/cmd_baseline.c \
	cli/cmd_bisect.c \
	cli/cmd_completion.c \
	cli/cmd_debug.c \
	cli/cmd_doctor.c \
	cli/cmd_compare.c \
	cli/cmd_gate.c \
	cli/cmd_help.c \
	cli/cmd_history.c cli/cmd_history.h \
	cli/cmd_history_ack.c \
	cli/cmd_history_file.c \
	cli/cmd_import.c \
	cli/cmd_layout.c \
	cli/cmd_list.c \
	cli/cmd_report.c \
	cli/cmd_run.c \
	cli/cmd_scale.c \
	cli/cmd_serve.c \
	cli/cmd_test.c \
	cli/cmd_topology.c \
	cli/cmd_selftest.c \
	cli/command_cases.c cli/command_cases.h \
	cli/command_match.c cli/command_match.h \
	cli/command_rank.c cli/command_rank.h \
	cli/commands.c cli/commands.h \
	cli/completion.c cli/completion.h \
	cli/contest.c cli/contest.h \
	cli/contest_show.c cli/contest_show.h \
	cli/contest_stored.c cli/contest_stored.h \
	cli/contest_suite.c \
	cli/dashboard_data.c cli/dashboard_data.h \
	cli/counting.c cli/counting.h \
	cli/dispatch.c cli/dispatch.h \
	cli/exit.c cli/exit.h \
	cli/expect.c cli/expect.h \
	cli/figures.c cli/figures.h \
	cli/fixtures.c cli/fixtures.h \
	cli/forms.c cli/forms.h \
	cli/foreign_cases.c cli/foreign_cases.h \
	cli/help.c cli/help.h \
	cli/history_alerts.c cli/history_alerts.h \
	cli/history_changes.c cli/history_changes.h \
	cli/history_import.c cli/history_import.h \
	cli/history_lines.c cli/history_lines.h \
	cli/history_view.c cli/history_view.h \
	cli/history_when.c cli/history_when.h \
	cli/import_files.c cli/import_files.h \
	cli/interrupt.c cli/interrupt.h \
	cli/layout.c cli/layout.h cli/layout_run.c cli/layout_show.c \
	cli/measure.c cli/measure.h \
	cli/occasion.c cli/occasion.h \
	cli/matches.c cli/matches.h \
	cli/opponents.c cli/opponents.h \
	cli/option_table.c \
	cli/options.c cli/options.h \
	cli/programs.c \
	cli/progress.c cli/progress.h \
	cli/record.c cli/record.h \
	cli/revision.c cli/revision.h \
	cli/relink.c cli/relink.h \
	cli/report_page.c cli/report_page.h \
	cli/report_source.c cli/report_source.h \
	cli/selftest.c cli/selftest.h \
	cli/selftest_markdown.c cli/selftest_show.c \
	cli/scale.h cli/scale_cells.c cli/scale_command.c \
	cli/scale_plan.c cli/scale_store.c \
	cli/quiet.c cli/quiet.h \
	cli/side_by_side.c cli/side_by_side.h \
	cli/session.c cli/session.h \
	cli/terminal.c cli/terminal.h \
	cli/test_choice.c cli/test_choice.h \
	cli/test_run.c cli/test_shard.c cli/test_show.c cli/test_verify.c \
	cli/test_suite.c cli/test_suite.h \
	cli/tool.c cli/tool.h

# High to low: an archive is searched for what those before it need.
tare_libs = libcli.a libserve.a libreport.a libadapt.a librunner.a libstore.a libconfig.a \
	libstats.a libbase.a libtare.la \
	$(GSL_LIBS) $(HWLOC_LIBS) $(YAML_LIBS) $(SQLITE_LIBS) $(DL_LIBS)

bin_PROGRAMS += tare
tare_SOURCES = cli/main.c
tare_LDADD   = $(tare_libs)
dist_man_MANS += man/tare.1
EXTRA_DIST  += cli/README.md
