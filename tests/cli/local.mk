# SPDX-License-Identifier: GPL-3.0-or-later
# One test a line, sorted.
TARE_SHELL_TESTS += tests/cli/t-check.sh
TARE_SHELL_TESTS += tests/cli/t-completion.sh
TARE_SHELL_TESTS += tests/cli/t-examples.sh
TARE_SHELL_TESTS += tests/cli/t-doctor.sh
TARE_SHELL_TESTS += tests/cli/t-lint.sh
TARE_SHELL_TESTS += tests/cli/t-manual.sh
TARE_SHELL_TESTS += tests/cli/t-quickstart.sh
TARE_SHELL_TESTS += tests/cli/t-topology.sh
TARE_SHELL_TESTS += tests/cli/t-usage.sh
