# SPDX-License-Identifier: GPL-3.0-or-later
TARE_SHELL_TESTS += tests/browser/t-dashboard.sh
EXTRA_DIST += tests/browser/dashboard.mjs tests/browser/gate.json \
	tests/browser/scale.json
