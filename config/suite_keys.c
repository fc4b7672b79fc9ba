/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of tare.yaml: where each goes, its range, its default.  Man page and
 * docs/formats.md follow these tables; a test compares them. */
#include <config.h>

#include "config/baseline.h"
#include "config/policy.h"
#include "config/select.h"
#include "config/suite_schema.h"

#define MS 1000000LL
#define S  (1000 * MS)
#define H  (3600 * S)

/* A key of a struct: name, reader, field, default, rule. */
#define KEY(name_, read_, type, field, value_, rule_)              \
    {                                                              \
        .name = (name_), .read = (read_),                          \
        .offset = offsetof(struct type, field), .value = (value_), \
        .rule = (rule_)                                            \
    }

/* The same that must be there. */
#define NEEDED(name_, read_, type, field, rule_)                 \
    {                                                            \
        .name = (name_), .read = (read_),                        \
        .offset = offsetof(struct type, field), .rule = (rule_), \
        .required = true                                         \
    }

/* The same with keys below it. */
#define NESTED(name_, read_, type, field, rule_, schema_)        \
    {                                                            \
        .name = (name_), .read = (read_),                        \
        .offset = offsetof(struct type, field), .rule = (rule_), \
        .schema = &(schema_)                                     \
    }

/* Arrays of structs: `list` is the struct that holds pointer and count. */
#define LIST(item, list, pointer, count_, max_)                              \
    .item_size = sizeof(struct item),                                        \
    .count = offsetof(struct list, count_) - offsetof(struct list, pointer), \
    .at = offsetof(struct item, at), .max = (max_)

/* ---- what several sections use */

static const struct text_rule a_text = {"text", is_filled};
static const struct text_rule a_path = {"a path", is_filled};
static const struct text_rule a_glob = {"a glob such as 'sort/*'", is_filled};
static const struct text_rule a_name = {"a name without blanks and brackets",
                                        is_case_name};
static const struct text_rule a_tag = {
    "a tag (a letter, then letters, digits, _ - . :)", is_tag_name};
static const struct text_rule a_metric = {"a metric such as time or max_rss",
                                          is_case_name};
static const struct text_rule a_fixture = {
    "a fixture's name (a letter, then letters, digits, _ -)", is_plain_name};
static const struct text_rule a_date = {"a day such as 2027-01-31", is_date};
static const struct text_rule a_baseline = {
    "a baseline's name (letters, digits, . _ -)", is_baseline_name};

static const struct int_rule any_timeout = {10 * MS, 24 * H, NULL, 0};
static const struct int_rule own_timeout = {10 * MS, 24 * H, "default", -1};
static const struct int_rule max_time = {S, 1000 * H, "none", -1};
static const struct int_rule slots = {1, SUITE_MAX_WORKERS, NULL, 0};
static const struct ratio_rule a_margin = {1e-4, 10, NULL};
static const struct ratio_rule own_margin = {1e-4, 10, "default"};

static const struct key setting_value =
    KEY("", read_string, setting, value, NULL, NULL);
static const struct map_rule env_rule = {
    .list = {LIST(setting, settings, setting, n, 10000)},
    .name = offsetof(struct setting, name),
    .names = {"a variable's name", is_identifier},
    .value = &setting_value,
};

/* ---- tags */

static const struct key tag_value = KEY("", read_string, tag, text, NULL, NULL);
static const struct map_rule tags_rule = {
    .list = {LIST(tag, tags, tag, n, 10000)},
    .name = offsetof(struct tag, name),
    .names = {"a tag (a letter, then letters, digits, _ - . :)", is_tag_name},
    .value = &tag_value,
};

/* ---- programs */

#define SHARING(type)                                                         \
    KEY("slots", read_integer, type, sharing.slots, "1", &slots),             \
        KEY("exclusive", read_truth, type, sharing.exclusive, "false", NULL), \
        KEY("group", read_string, type, sharing.group, "", NULL),             \
        KEY("uses", read_words, type, sharing.uses, NULL, &a_tag)

static const struct key program_keys[] = {
    NEEDED("path", read_string, program, path, &a_path),
    KEY("name", read_string, program, name, NULL, &a_name),
    KEY("kind", read_choice, program, kind, "tare", &program_kinds),
    KEY("tags", read_words, program, tags, NULL, &a_tag),
    KEY("args", read_words, program, args, NULL, NULL),
    KEY("env", read_struct_map, program, env, NULL, &env_rule),
    KEY("fixtures", read_words, program, fixtures, NULL, &a_fixture),
    KEY("cwd", read_string, program, cwd, "", NULL),
    KEY("timeout", read_period, program, timeout, "default", &own_timeout),
    SHARING(program),
};
static const struct schema program_schema = SCHEMA(program_keys);
static const struct list_rule programs_rule = {
    LIST(program, suite, program, n_programs, 10000)};

/* ---- commands */

static const struct int_rule exit_status = {0, 255, NULL, 0};
static const struct int_rule version = {0, 1000000000, NULL, 0};

static const struct key end_keys[] = {
    KEY("exit", read_integer, expect_end, exit, "0", &exit_status),
    KEY("signal", read_signal, expect_end, signal, "none", NULL),
    NESTED("stdout", read_expected_output, expect_end, out, NULL,
           expected_schema),
    NESTED("stderr", read_expected_output, expect_end, err, NULL,
           expected_schema),
};
static const struct schema end_schema = SCHEMA(end_keys);

static const struct key param_value =
    KEY("", read_values, param, values, NULL, NULL);
static const struct map_rule params_rule = {
    .list = {LIST(param, params, param, n, 16)},
    .name = offsetof(struct param, name),
    .names = {"a parameter's name (letters, digits, _)", is_identifier},
    .value = &param_value,
};

static const struct key command_keys[] = {
    NEEDED("name", read_string, command, name, &a_name),
    NEEDED("run", read_command, command, run, NULL),
    KEY("kind", read_choice, command, kind, "benchmark", &command_kinds),
    NESTED("stdin", read_input, command, in, NULL, input_schema),
    NESTED("stdout", read_output, command, out, NULL, output_schema),
    NESTED("stderr", read_output, command, err, NULL, output_schema),
    KEY("cwd", read_string, command, cwd, "", NULL),
    KEY("env", read_struct_map, command, env, NULL, &env_rule),
    NESTED("expect", read_section, command, expect, NULL, end_schema),
    KEY("timeout", read_period, command, timeout, "default", &own_timeout),
    KEY("prepare", read_command, command, prepare, NULL, NULL),
    KEY("cleanup", read_command, command, cleanup, NULL, NULL),
    KEY("cold_cache", read_truth, command, cold_cache, "false", NULL),
    KEY("params", read_struct_map, command, params, NULL, &params_rule),
    KEY("fixtures", read_words, command, fixtures, NULL, &a_fixture),
    KEY("tags", read_words, command, tags, NULL, &a_tag),
    KEY("version", read_integer, command, version, "0", &version),
    KEY("baseline", read_string, command, baseline, "", NULL),
    KEY("xfail", read_string, command, xfail, "", NULL),
    SHARING(command),
};
static const struct schema command_schema = SCHEMA(command_keys);
static const struct list_rule commands_rule = {
    LIST(command, suite, command, n_commands, 100000)};

/* ---- fixtures */

static const struct key fixture_keys[] = {
    KEY("scope", read_choice, fixture, scope, "case", &fixture_scopes),
    KEY("setup", read_command, fixture, setup, NULL, NULL),
    KEY("run", read_command, fixture, run, NULL, NULL),
    KEY("until", read_command, fixture, until, NULL, NULL),
    KEY("teardown", read_command, fixture, teardown, NULL, NULL),
    KEY("env", read_struct_map, fixture, env, NULL, &env_rule),
    KEY("needs", read_words, fixture, needs, NULL, &a_fixture),
    KEY("cwd", read_string, fixture, cwd, "", NULL),
    KEY("timeout", read_period, fixture, timeout, "60s", &any_timeout),
};
static const struct schema fixture_schema = SCHEMA(fixture_keys);
static const struct key fixture_value = {
    .read = read_section, .name = "", .schema = &fixture_schema};
static const struct map_rule fixtures_rule = {
    .list = {LIST(fixture, suite, fixture, n_fixtures, 500)},
    .name = offsetof(struct fixture, name),
    .names = {"a fixture's name (a letter, then letters, digits, _ -)",
              is_plain_name},
    .value = &fixture_value,
};

/* ---- test */

static const struct int_rule cpu_time = {10 * MS, 24 * H, "none", -1};
static const struct int_rule grace = {0, 60 * S, NULL, 0};
static const struct int_rule maxfail = {0, 1000000, NULL, 0};
static const struct int_rule retries = {0, 10, NULL, 0};

static const struct key resource_value =
    KEY("", read_integer, resource, n, NULL, &slots);
static const struct map_rule resources_rule = {
    .list = {LIST(resource, resources, resource, n, 1000)},
    .name = offsetof(struct resource, name),
    .names = {"a resource's name (a letter, then letters, digits, _ - . :)",
              is_tag_name},
    .value = &resource_value,
};

static const struct key test_keys[] = {
    KEY("workers", read_workers, test_plan, placement.workers, "auto", NULL),
    KEY("bind", read_bind, test_plan, placement, "core", &binds),
    KEY("dist", read_choice, test_plan, dist, "lpt", &dists),
    KEY("isolation", read_choice, test_plan, isolation, "process", &isolations),
    KEY("order", read_choice, test_plan, order, "defined", &orders),
    KEY("timeout", read_period, test_plan, timeout, "60s", &any_timeout),
    KEY("cpu_timeout", read_period, test_plan, cpu_timeout, "none", &cpu_time),
    KEY("grace", read_period, test_plan, grace, "2s", &grace),
    KEY("max_time", read_period, test_plan, max_time, "none", &max_time),
    KEY("maxfail", read_integer, test_plan, maxfail, "0", &maxfail),
    KEY("retries", read_integer, test_plan, retries, "0", &retries),
    KEY("resources", read_struct_map, test_plan, resources, NULL,
        &resources_rule),
};
static const struct schema test_schema = SCHEMA(test_keys);

/* ---- measure */

static const struct int_rule budget = {10 * MS, H, NULL, 0};
static const struct int_rule sample_time = {10000, 10 * S, "auto", PLAN_AUTO};
static const struct int_rule invocations = {1, 10000, "auto", PLAN_AUTO};
static const struct int_rule samples = {1, 100000, "auto", PLAN_AUTO};
static const struct int_rule warmup = {0, 10000, "auto", PLAN_AUTO};
static const struct ratio_rule precision = {1e-4, 1, NULL};

static const struct key measure_keys[] = {
    KEY("workers", read_workers, measure_plan, placement.workers, "1", NULL),
    KEY("bind", read_bind, measure_plan, placement, "core", &binds),
    KEY("budget", read_period, measure_plan, budget, "10s", &budget),
    KEY("max_time", read_period, measure_plan, max_time, "none", &max_time),
    KEY("timeout", read_period, measure_plan, timeout, "60s", &any_timeout),
    KEY("sample_time", read_period, measure_plan, sample_time, "auto",
        &sample_time),
    KEY("invocations", read_integer, measure_plan, invocations, "auto",
        &invocations),
    KEY("samples", read_integer, measure_plan, samples, "auto", &samples),
    KEY("warmup", read_integer, measure_plan, warmup, "auto", &warmup),
    KEY("precision", read_ratio, measure_plan, precision, "1%", &precision),
    KEY("metrics", read_words, measure_plan, metrics, NULL, &a_metric),
    KEY("trust_parallel", read_truth, measure_plan, trust_parallel, "false",
        NULL),
};
static const struct schema measure_schema = SCHEMA(measure_keys);

/* ---- build */

static const struct key build_keys[] = {
    KEY("command", read_command, build, command, NULL, NULL),
    KEY("relink", read_command, build, relink, NULL, NULL),
    KEY("env", read_struct_map, build, env, NULL, &env_rule),
    KEY("timeout", read_period, build, timeout, "30m", &any_timeout),
};
static const struct schema build_schema = SCHEMA(build_keys);

/* ---- gate */

static const struct ratio_rule alpha = {1e-4, 0.2, NULL};
static const struct ratio_rule noise = {1e-4, 1, "auto"};
static const struct ratio_rule suite_margin = {1e-4, 10, "none"};

static const struct key rule_keys[] = {
    KEY("match", read_string, gate_rule, match, "*", &a_glob),
    KEY("metric", read_string, gate_rule, metric, "time", &a_glob),
    KEY("margin", read_ratio, gate_rule, margin, "default", &own_margin),
    KEY("ignore", read_truth, gate_rule, ignore, "false", NULL),
};
static const struct schema rule_schema = SCHEMA(rule_keys);
static const struct list_rule rules_rule = {
    LIST(gate_rule, gate, rule, n_rules, 10000)};

static const struct key waiver_keys[] = {
    NEEDED("match", read_string, waiver, match, &a_glob),
    KEY("metric", read_string, waiver, metric, "time", &a_glob),
    NEEDED("up_to", read_ratio, waiver, up_to, &a_margin),
    NEEDED("until", read_string, waiver, until, &a_date),
    NEEDED("reason", read_string, waiver, reason, &a_text),
};
static const struct schema waiver_schema = SCHEMA(waiver_keys);
static const struct list_rule waivers_rule = {
    LIST(waiver, gate, waiver, n_waivers, 10000)};

static const struct key tag_margin_value =
    KEY("", read_ratio, tag_margin, margin, NULL, &a_margin);
static const struct map_rule tag_margins_rule = {
    .list = {LIST(tag_margin, gate, tag_margin, n_tag_margins, 1000)},
    .name = offsetof(struct tag_margin, tag),
    .names = {"a tag (a letter, then letters, digits, _ - . :)", is_tag_name},
    .value = &tag_margin_value,
};

static const struct key gate_keys[] = {
    KEY("baseline", read_string, gate, baseline, "main", &a_baseline),
    KEY("margin", read_ratio, gate, margin, "2%", &a_margin),
    KEY("alpha", read_ratio, gate, alpha, "1%", &alpha),
    KEY("mode", read_choice, gate, mode, "auto", &gate_modes),
    KEY("on_inconclusive", read_choice, gate, on_inconclusive, "pass",
        &policies),
    KEY("on_missing", read_choice, gate, on_missing, "fail", &policies),
    KEY("occasion_noise", read_ratio, gate, occasion_noise, "auto", &noise),
    KEY("suite_margin", read_ratio, gate, suite_margin, "none", &suite_margin),
    KEY("tag_margins", read_struct_map, gate, tag_margin, NULL,
        &tag_margins_rule),
    KEY("metrics", read_words, gate, metrics, "time", &a_metric),
    NESTED("rules", read_structs, gate, rule, &rules_rule, rule_schema),
    NESTED("waivers", read_structs, gate, waiver, &waivers_rule, waiver_schema),
};
static const struct schema gate_schema = SCHEMA(gate_keys);

/* ---- expect, alerts, history */

static const struct key expect_keys[] = {
    NEEDED("ratio", read_id_pair, expect_ratio, id, &a_text),
    {.name = "between", .read = read_bounds, .required = true},
    KEY("metric", read_string, expect_ratio, metric, "time", &a_metric),
};
static const struct schema expect_schema = SCHEMA(expect_keys);
static const struct list_rule expects_rule = {
    LIST(expect_ratio, suite, expect, n_expects, 10000), .one = true};

static const struct int_rule segment = {3, 100, NULL, 0};

static const struct key alert_keys[] = {
    KEY("match", read_string, alert, match, "*", &a_glob),
    KEY("metric", read_string, alert, metric, "time", &a_glob),
    KEY("margin", read_ratio, alert, margin, "default", &own_margin),
    KEY("direction", read_choice, alert, direction, "worse", &alert_directions),
    KEY("min_segment", read_integer, alert, min_segment, "3", &segment),
    KEY("run", read_command, alert, run, NULL, NULL),
    KEY("fail", read_truth, alert, fail, "false", NULL),
};
static const struct schema alert_schema = SCHEMA(alert_keys);
static const struct list_rule alerts_rule = {
    LIST(alert, suite, alert, n_alerts, 1000)};

static const struct key history_keys[] = {
    KEY("store", read_string, history, store, ".tare/tare.db", &a_path),
};
static const struct schema history_schema = SCHEMA(history_keys);

/* ---- the file */

static const struct key suite_keys[] = {
    {.name = "tare", .read = read_version, .required = true},
    KEY("suite", read_string, suite, name, "", NULL),
    KEY("tags", read_struct_map, suite, tags, NULL, &tags_rule),
    NESTED("programs", read_structs, suite, program, &programs_rule,
           program_schema),
    NESTED("commands", read_structs, suite, command, &commands_rule,
           command_schema),
    NESTED("fixtures", read_struct_map, suite, fixture, &fixtures_rule,
           fixture_schema),
    NESTED("test", read_section, suite, test, NULL, test_schema),
    NESTED("measure", read_section, suite, measure, NULL, measure_schema),
    NESTED("build", read_section, suite, build, NULL, build_schema),
    NESTED("gate", read_section, suite, gate, NULL, gate_schema),
    NESTED("expect", read_structs, suite, expect, &expects_rule, expect_schema),
    NESTED("alerts", read_structs, suite, alert, &alerts_rule, alert_schema),
    NESTED("history", read_section, suite, history, NULL, history_schema),
    KEY("require", read_struct_map, suite, require, NULL, &env_rule),
};
const struct schema suite_schema = SCHEMA(suite_keys);
