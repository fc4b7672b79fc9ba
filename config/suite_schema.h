/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of tare.yaml as tables.  Private to config/ and its tests, which
 * check the manual against them. */
#ifndef CONFIG_SUITE_SCHEMA_H
#define CONFIG_SUITE_SCHEMA_H

#include "config/schema.h"
#include "config/suite.h"

enum { SUITE_VERSION = 1, SUITE_MAX_DEPTH = 16 };

/* The whole file, into a struct suite. */
extern const struct schema suite_schema;

/* What must hold between the parts of a suite once all of them are read: ids
 * that differ, tags and fixtures that are declared.  Fills in what one part
 * takes from another. */
int suite_check(const struct reader *r, struct suite *suite);

/* ---- readers of values that only a suite has (suite_values.c) */

key_read read_version;         /* `tare:`; nothing is stored */
key_read read_workers;         /* int64_t */
key_read read_bind;            /* struct worker_plan: bind and cpus */
key_read read_command;         /* struct command_line */
key_read read_input;           /* struct stream, of stdin */
key_read read_output;          /* struct stream, of stdout and stderr */
key_read read_expected_output; /* struct expect_output */
key_read read_signal;          /* int64_t */
key_read read_values;          /* struct words, one or more */
key_read read_id_pair;         /* const char *[2] */
key_read read_bounds;          /* struct expect_ratio: low and high */

/* Schemas of the maps that some of them accept. */
extern const struct schema input_schema, output_schema, expected_schema;

/* Validity of names, for struct text_rule. */
bool is_filled(const char *text);     /* not empty, not blank */
bool is_case_name(const char *text);  /* no blanks, no brackets */
bool is_identifier(const char *text); /* of C */
bool is_plain_name(const char *text); /* an identifier that may have '-' */

/* The words of choices, in the order of their enums. */
extern const struct choice program_kinds, command_kinds, fixture_scopes, dists,
    isolations, orders, gate_modes, policies, alert_directions, binds;

#endif
