# SPDX-License-Identifier: GPL-3.0-or-later
# Oracle data and what made it; see tests/reference/README.md.
EXTRA_DIST += \
	tests/reference/README.md \
	tests/reference/common.R \
	tests/reference/pragmastat.h \
	tests/reference/pragmastat.py \
	tests/reference/rank.R \
	tests/reference/rank.h
