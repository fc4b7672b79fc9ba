# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += ARCHITECTURE.md docs/README.md docs/adopting.md docs/ci.md \
	docs/commands.md \
	docs/dashboard.md \
	docs/importing.md docs/machine.md docs/measuring.md docs/parallel.md \
	docs/protocol.md docs/releasing.md docs/statistics.md docs/tutorial.md
EXTRA_DIST += docs/schema docs/formats.md docs/formats-store.md
dist_man_MANS += man/tare.yaml.5
