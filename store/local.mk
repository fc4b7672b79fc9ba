# SPDX-License-Identifier: GPL-3.0-or-later
# Runs and history (SQLite), kept programs, builds of other revisions.
noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libstore_a_SOURCES = \
	store/add.c \
	store/anchors.c \
	store/changes.c \
	store/command.c store/command.h \
	store/db.c store/db.h \
	store/elf.c store/elf.h \
	store/find.c \
	store/history.c store/history.h \
	store/keep.c store/kept.h \
	store/kernel.c store/kernel.h \
	store/libraries.c store/libraries.h \
	store/load.c \
	store/manifest.c \
	store/mapped.c \
	store/merge.c store/merge.h \
	store/outcomes.c store/outcomes.h \
	store/parts.h \
	store/points.c store/points.h \
	store/programs.c store/programs.h \
	store/prune.c \
	store/runs.c store/runs.h \
	store/samples.c store/samples.h \
	store/schema.c \
	store/script.c \
	store/sql.c store/sql.h \
	store/verdicts.c store/verdicts.h \
	store/worktree.c store/worktree.h
EXTRA_DIST += store/README.md
