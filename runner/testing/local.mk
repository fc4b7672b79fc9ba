# SPDX-License-Identifier: GPL-3.0-or-later
# Giving tests to workers.
librunner_a_SOURCES += \
	runner/testing/conduct.c runner/testing/conduct.h \
	runner/testing/crew.h \
	runner/testing/keepers.c runner/testing/keepers.h \
	runner/testing/live_crew.c runner/testing/live_crew.h \
	runner/testing/live_process.c runner/testing/live_state.h \
	runner/testing/schedule.c runner/testing/schedule.h \
	runner/testing/schedule_build.c runner/testing/schedule_state.h \
	runner/testing/shard.c runner/testing/shard.h \
	runner/testing/verify.c runner/testing/verify.h
EXTRA_DIST += runner/testing/README.md
