# SPDX-License-Identifier: GPL-3.0-or-later
# Runs and history (SQLite), kept programs, builds of other revisions.
noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libstore_a_SOURCES = \
	store/db.h \
	store/history.h \
	store/merge.h \
	store/outcomes.h \
	store/programs.h \
	store/runs.h \
	store/verdicts.h \
	store/worktree.h
EXTRA_DIST += store/README.md
