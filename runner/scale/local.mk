# SPDX-License-Identifier: GPL-3.0-or-later
# The same work with different numbers of workers.
librunner_a_SOURCES += \
	runner/scale/against.c runner/scale/against.h \
	runner/scale/analysis.c runner/scale/analysis.h \
	runner/scale/counts.c runner/scale/counts.h \
	runner/scale/limit.c runner/scale/limit.h \
	runner/scale/rounds.c runner/scale/rounds.h
EXTRA_DIST += runner/scale/README.md
