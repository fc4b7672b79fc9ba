# SPDX-License-Identifier: GPL-3.0-or-later
# From data to text: pure functions that append to a strbuf.
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	report/table.c report/table.h \
	report/text.c report/text.h
EXTRA_DIST += report/README.md
