# SPDX-License-Identifier: GPL-3.0-or-later
# What the machine is, where workers run on it, and what disturbs them.
librunner_a_SOURCES += \
	runner/machine/cpulist.c runner/machine/cpulist.h \
	runner/machine/placement.h \
	runner/machine/topology.h
