# SPDX-License-Identifier: GPL-3.0-or-later
librunner_a_SOURCES += \
	runner/measure/anchor_cases.c \
	runner/measure/anchors.c runner/measure/anchors.h \
	runner/measure/calibrate.c runner/measure/calibrate.h \
	runner/measure/catalog.c runner/measure/catalog.h \
	runner/measure/crowd.c \
	runner/measure/disturbed.c runner/measure/disturbed.h \
	runner/measure/duel.c runner/measure/duel.h \
	runner/measure/duel_metrics.c runner/measure/duel_metrics.h \
	runner/measure/duel_pair.c runner/measure/duel_pair.h \
	runner/measure/duel_time.c runner/measure/duel_time.h \
	runner/measure/executor.h \
	runner/measure/interference.c runner/measure/interference.h \
	runner/measure/invocation.c runner/measure/invocation.h \
	runner/measure/kernel_bench.c runner/measure/kernel_bench.h \
	runner/measure/kernel_cases.c runner/measure/kernels.h \
	runner/measure/kernel_work.c runner/measure/kernel_work.h \
	runner/measure/abreast.c runner/measure/abreast.h \
	runner/measure/lanes.c runner/measure/lanes.h \
	runner/measure/live.c runner/measure/live.h \
	runner/measure/metrics.c runner/measure/metrics_count.c \
	runner/measure/metrics.h \
	runner/measure/record.c runner/measure/record.h \
	runner/measure/script.c runner/measure/script.h \
	runner/measure/solo.c runner/measure/solo.h
EXTRA_DIST += runner/measure/README.md
