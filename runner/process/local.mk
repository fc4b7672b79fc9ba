# SPDX-License-Identifier: GPL-3.0-or-later
# Starting processes and talking to them.
librunner_a_SOURCES += \
	runner/process/capture.h \
	runner/process/cases.h \
	runner/process/guardian.h \
	runner/process/message.h \
	runner/process/peer.h \
	runner/process/slot.h \
	runner/process/spawn.h \
	runner/process/stage.h \
	runner/process/watch.h
