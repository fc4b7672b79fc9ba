# SPDX-License-Identifier: GPL-3.0-or-later
# The command.  Everything but main() is an archive, so that tests can link it.
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	cli/cmd.h \
	cli/cmd_completion.c \
	cli/cmd_help.c \
	cli/commands.c cli/commands.h \
	cli/completion.c cli/completion.h \
	cli/dispatch.c cli/dispatch.h \
	cli/exit.c cli/exit.h \
	cli/help.c cli/help.h \
	cli/option_table.c \
	cli/options.c cli/options.h \
	cli/terminal.c cli/terminal.h

# High to low: an archive is searched for what those before it need.
tare_libs = libcli.a libbase.a

bin_PROGRAMS += tare
tare_SOURCES = cli/main.c
tare_LDADD   = $(tare_libs)
EXTRA_DIST  += cli/README.md
