# SPDX-License-Identifier: GPL-3.0-or-later
librunner_a_SOURCES += \
	runner/measure/calibrate.c runner/measure/calibrate.h \
	runner/measure/executor.h \
	runner/measure/live.c runner/measure/live.h \
	runner/measure/script.c runner/measure/script.h
EXTRA_DIST += runner/measure/README.md
