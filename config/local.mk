# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += config/README.md config/suite.h config/policy.h \
	config/select.h config/baseline.h
