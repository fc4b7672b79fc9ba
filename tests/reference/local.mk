# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle data and what made it; see tests/reference/README.md.
EXTRA_DIST += \
	tests/reference/README.md \
	tests/reference/common.R \
	tests/reference/estimate.R \
	tests/reference/estimate.h \
	tests/reference/history.R \
	tests/reference/history.h \
	tests/reference/mongodb.h \
	tests/reference/mongodb.py \
	tests/reference/nist.h \
	tests/reference/nist.py \
	tests/reference/occasion.R \
	tests/reference/occasion.h \
	tests/reference/parametric.R \
	tests/reference/parametric.h \
	tests/reference/pragmastat.h \
	tests/reference/pragmastat.py \
	tests/reference/rank.R \
	tests/reference/rank.h
