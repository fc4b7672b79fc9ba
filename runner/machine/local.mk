# SPDX-License-Identifier: GPL-3.0-or-later
# What the machine is, where workers run on it, and what disturbs them.
librunner_a_SOURCES += \
	runner/machine/binding.c runner/machine/binding.h \
	runner/machine/cgroup.c runner/machine/cgroup.h \
	runner/machine/cpulist.c runner/machine/cpulist.h \
	runner/machine/disturbance.c runner/machine/disturbance.h \
	runner/machine/doctor.c runner/machine/doctor.h \
	runner/machine/doctor_checks.h \
	runner/machine/doctor_cpu.c runner/machine/doctor_kernel.c \
	runner/machine/doctor_load.c runner/machine/doctor_measure.c \
	runner/machine/doctor_show.c \
	runner/machine/facts.c runner/machine/facts.h \
	runner/machine/noise.c runner/machine/noise.h \
	runner/machine/placement.c runner/machine/placement.h \
	runner/machine/placement_pool.c runner/machine/placement_pool.h \
	runner/machine/show.c runner/machine/show.h \
	runner/machine/sysfile.c runner/machine/sysfile.h \
	runner/machine/topology.c runner/machine/topology.h \
	runner/machine/topology_build.c runner/machine/topology_build.h \
	runner/machine/topology_class.c
EXTRA_DIST += runner/machine/README.md
