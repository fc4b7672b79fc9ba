# SPDX-License-Identifier: GPL-3.0-or-later
# Starting processes and talking to them.
librunner_a_SOURCES += \
	runner/process/baton.c runner/process/baton.h \
	runner/process/capture.c runner/process/capture.h \
	runner/process/cases.c runner/process/cases.h \
	runner/process/cgroups.c runner/process/cgroups.h \
	runner/process/guardian.c runner/process/guardian.h \
	runner/process/guardian_main.c \
	runner/process/guardian_wire.c runner/process/guardian_wire.h \
	runner/process/launch.c runner/process/launch.h \
	runner/process/message.c runner/process/message.h \
	runner/process/outcome.c runner/process/outcome.h \
	runner/process/peer.c runner/process/peer.h \
	runner/process/peer_bench.c runner/process/peer_test.c \
	runner/process/peer_state.h runner/process/peer_wait.c \
	runner/process/ports.c runner/process/ports.h \
	runner/process/processes.c runner/process/processes.h \
	runner/process/slot.c runner/process/slot.h \
	runner/process/spawn.c runner/process/spawn.h \
	runner/process/stage.c runner/process/stage.h \
	runner/process/sweep.c runner/process/sweep.h \
	runner/process/watch.c runner/process/watch.h
EXTRA_DIST += runner/process/README.md
