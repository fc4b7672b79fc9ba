# SPDX-License-Identifier: GPL-3.0-or-later
# What every other folder stands on.  libc only.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/arena.c base/arena.h \
	base/error.c base/error.h \
	base/file.c base/file.h \
	base/hash.c base/hash.h \
	base/json.c base/json.h \
	base/json_read.c base/json_read.h \
	base/names.c base/names.h \
	base/nearest.c base/nearest.h \
	base/results.c base/results.h \
	base/results_join.c \
	base/scope.h \
	base/strbuf.c base/strbuf.h \
	base/units.c base/units.h \
	base/utf8.c base/utf8.h
EXTRA_DIST += base/README.md
