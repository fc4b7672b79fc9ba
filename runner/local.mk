# SPDX-License-Identifier: GPL-3.0-or-later
# The machine, the processes and the plans.  The only folder that meets hwloc.
EXTRA_DIST += runner/README.md
noinst_LIBRARIES += librunner.a
librunner_a_SOURCES =
librunner_a_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS)
include runner/machine/local.mk
include runner/process/local.mk
include runner/measure/local.mk
include runner/testing/local.mk
include runner/scale/local.mk
