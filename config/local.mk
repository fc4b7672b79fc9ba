# SPDX-License-Identifier: GPL-3.0-or-later
# Everything YAML; the only folder that includes yaml.h.
noinst_LIBRARIES += libconfig.a
libconfig_a_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
libconfig_a_SOURCES = \
	config/baseline.h config/baseline_case.c config/baseline_check.c \
	config/baseline_read.c config/baseline_schema.c \
	config/baseline_schema.h config/baseline_write.c \
	config/events.c config/events.h \
	config/fields.c config/fields.h \
	config/names.c config/names.h \
	config/numbers.c config/numbers.h \
	config/place.h \
	config/policy.c config/policy.h \
	config/select.c config/select.h \
	config/schema.c config/schema.h \
	config/suite.c config/suite.h config/suite_check.c \
	config/suite_keys.c config/suite_schema.h config/suite_values.c \
	config/suite_words.c \
	config/tree.c config/tree.h config/values.c \
	config/yaml_text.c config/yaml_text.h
EXTRA_DIST += config/README.md
