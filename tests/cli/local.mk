# SPDX-License-Identifier: GPL-3.0-or-later
TARE_SHELL_TESTS += tests/cli/t-lint.sh
TARE_SHELL_TESTS += tests/cli/t-quickstart.sh
