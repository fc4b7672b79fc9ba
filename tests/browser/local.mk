# SPDX-License-Identifier: GPL-3.0-or-later
TARE_SHELL_TESTS += tests/browser/t-dashboard.sh
TARE_SHELL_TESTS += tests/browser/t-dashboard-units.sh
EXTRA_DIST += dashboard/test/units.test.ts
EXTRA_DIST += tests/browser/dashboard.mjs tests/browser/gate.json \
	tests/browser/scale.json
