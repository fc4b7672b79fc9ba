/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_alerts.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapt/commands.h"
#include "base/scope.h"
#include "cli/history_changes.h"
#include "cli/occasion.h"
#include "config/policy.h"
#include "config/select.h"
#include "report/history_parts.h"
#include "runner/process/capture.h"
#include "runner/process/guardian.h"
#include "store/runs.h"

/* --- rules */

static bool rule_fits(const struct alert *rule, const char *id,
                      const char *metric)
{
    return id_matches(rule->match, id) && fnmatch(rule->metric, metric, 0) == 0;
}

/* The first rule for a metric of a case, or NULL. */
static const struct alert *history_alert_rule(const struct suite *suite,
                                              const char *id,
                                              const char *metric)
{
    for (size_t i = 0; i < suite->n_alerts; i++)
        if (rule_fits(&suite->alert[i], id, metric))
            return &suite->alert[i];
    return NULL;
}

static enum history_alarm alarm_of(const struct alert *rule)
{
    static const enum history_alarm alarms[] = {
        [ALERT_WORSE] = HISTORY_ALARM_WORSE,
        [ALERT_BETTER] = HISTORY_ALARM_BETTER,
        [ALERT_BOTH] = HISTORY_ALARM_BOTH,
    };

    return alarms[rule->direction];
}

static struct change_policy policy_of(const struct alert *rule)
{
    struct change_policy policy = change_defaults();

    policy.margin = rule->margin;
    policy.least = (size_t)rule->min_segment;
    return policy;
}

struct change_policy history_alert_policy(const struct suite *suite,
                                          const char *id, const char *metric,
                                          enum history_alarm *alarm)
{
    const struct alert *rule = history_alert_rule(suite, id, metric);
    struct gate_limit limit = gate_limit(&suite->gate, id, metric);
    struct change_policy policy = change_defaults();

    if (rule) {
        *alarm = alarm_of(rule);
        return policy_of(rule);
    }
    *alarm = suite->n_alerts ? HISTORY_ALARM_NONE : HISTORY_ALARM_WORSE;
    policy.margin = limit.rule ? limit.margin : suite->gate.margin;
    return policy;
}

/* --- one run's look at the history */

struct raising {
    const struct session *session;
    struct store *store;
    struct run_info run;
    struct arena arena;
    const char *now;
    struct stored_alert *known; /* all alerts of the suite */
    size_t n_known;
    const struct alert *rule; /* that is looked at */
    const char *rule_name;
    size_t failing;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for alerts");
}

/* "sort/q* time worse 2%": rules that differ in any of these are told apart. */
static const char *name_rule(const struct alert *rule, struct arena *arena)
{
    static const char *const directions[] = {
        [ALERT_WORSE] = "worse",
        [ALERT_BETTER] = "better",
        [ALERT_BOTH] = "both",
    };

    return arena_printf(arena, "%s %s %s %g%%", rule->match, rule->metric,
                        directions[rule->direction], rule->margin * 100);
}

/* What was raised for this change by this rule before. */
static const struct stored_alert *raised_before(const struct raising *r,
                                                const struct history_line *line,
                                                const struct history_change *c)
{
    for (size_t i = 0; i < r->n_known; i++) {
        const struct stored_alert *a = &r->known[i];

        if (strcmp(a->rule, r->rule_name) == 0 &&
            change_key_fits(&a->key, a->ratio, line, c->at, c->ratio))
            return a;
    }
    return NULL;
}

/* --- the command of a rule */

/* The environment: ours, and what is to be known of the change. */
struct variables {
    char **word; /* NULL-terminated */
    size_t n;
};

enum { TOLD_MAX = 16 };

static bool inherit(struct arena *arena, struct variables *out)
{
    size_t n = 0;

    while (environ[n])
        n++;
    *out = (struct variables){
        .word = arena_alloc(arena, n + TOLD_MAX + 1, sizeof *out->word),
        .n = n,
    };
    if (out->word)
        memcpy(out->word, environ, n * sizeof *environ);
    return out->word != NULL;
}

static bool tell(struct arena *arena, struct variables *all, const char *name,
                 const char *value)
{
    all->word[all->n] = arena_printf(arena, "%s=%s", name, value);
    return all->word[all->n++] != NULL;
}

static const char *number(struct arena *arena, double x)
{
    char text[32];

    if (!isfinite(x))
        return "";
    double_print(text, x);
    return arena_strdup(arena, text);
}

static bool make_environment(struct raising *r, const struct history_line *line,
                             const struct history_change *c,
                             struct variables *out)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const struct {
        const char *name, *value;
    } told[] = {
        {"TARE_ALERT_SUITE", r->session->suite->name},
        {"TARE_ALERT_ID", line->id},
        {"TARE_ALERT_METRIC", line->metric},
        {"TARE_ALERT_CHANGE", c->name},
        {"TARE_ALERT_RATIO", number(&r->arena, c->ratio)},
        {"TARE_ALERT_LOW", number(&r->arena, c->low)},
        {"TARE_ALERT_HIGH", number(&r->arena, c->high)},
        {"TARE_ALERT_BEFORE", line->point[c->at - 1].revision},
        {"TARE_ALERT_AFTER", line->point[c->at].revision},
        {"TARE_ALERT_BRANCH", line->branch},
        {"TARE_ALERT_MACHINE", line->machine_key},
        {"TARE_ALERT_RULE", r->rule_name},
        {"TARE_ALERT_RUN", arena_printf(&r->arena, "%" PRId64, r->run.run)},
    };

    _Static_assert(ARRAY_LEN(told) < TOLD_MAX, "all have room");
    if (!inherit(&r->arena, out))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        if (!told[i].value ||
            !tell(&r->arena, out, told[i].name, told[i].value))
            return false;
    text_escape(&text, line->id, 0);
    strbuf_puts(&text, ": ");
    put_change(&text, line, c);
    return !text.failed &&
           tell(&r->arena, out, "TARE_ALERT_TEXT", strbuf_text(&text));
}

static int wait_for(const struct session *session, const struct spawn *spawn,
                    struct child **child, struct error *err)
{
    const struct watch outer = {.stop_fd = session->stop_fd};
    struct watch watch =
        watch_within(&outer, (int64_t)ALERT_SECONDS * 1000000000);
    int rc = guardian_spawn(session->cli->guardian, spawn, child, err);

    return rc < 0 ? rc
                  : guardian_wait(session->cli->guardian, *child, &watch, err);
}

static void complain(const struct raising *r, const struct child *child,
                     const struct capture *output, const struct error *why)
{
    char how[CHILD_END_TEXT] = "", lines[400] = "";

    capture_last_lines(output, 5, lines, sizeof lines);
    fprintf(stderr, "warning: the command of alert '%s': %s%s%s\n",
            r->rule_name,
            why->code == ERR_TIMEOUT ? "took longer than a minute"
            : why->code != ERR_OK    ? why->text
                                     : child_end_text(how, &child->end),
            *lines ? ": " : "", lines);
}

/* The exit status of the command: 128 and the signal where one ended it, as a
 * shell says it; -1 where it could not be run. */
static int run_command(struct raising *r, struct variables *env)
{
    struct guardian *guardian = r->session->cli->guardian;
    struct capture output = {0};
    struct recipe_words words;
    struct child *child = NULL;
    struct error why = {0};
    struct spawn spawn = {.env = env->word, .cwd = r->session->suite->folder};
    struct spawn_fd fds[2];
    int status = -1;
    int rc = capture_open(&output, 0, &why);

    if (rc == 0 && !command_words(&r->rule->run, &r->arena, &words))
        rc = no_memory(&why);
    if (rc == 0)
        rc = spawn_search(words.word[0], getenv("PATH"), &r->arena, &spawn.path,
                          &why);
    if (rc == 0) {
        for (int i = 0; i < 2; i++)
            fds[i] = (struct spawn_fd){.fd = output.fd, .number = 1 + i};
        spawn.argv = (char *const *)words.word;
        spawn.fds = fds;
        spawn.n_fds = ARRAY_LEN(fds);
        rc = wait_for(r->session, &spawn, &child, &why);
    }
    if (rc == 0)
        status =
            child->end.signal ? 128 + child->end.signal : child->end.status;
    if (status != 0)
        complain(r, child, &output, &why);
    guardian_release(guardian, child);
    capture_close(&output);
    return status;
}

/* --- raising */

static void say(const struct history_line *line, const struct history_change *c)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    text_escape(&text, line->id, 0);
    if (strcmp(line->metric, "time") != 0) {
        strbuf_putc(&text, ' ');
        text_escape(&text, line->metric, 0);
    }
    strbuf_puts(&text, ": ");
    put_change(&text, line, c);
    fprintf(stderr, "alert: %s\n", strbuf_text(&text));
}

static int raise_one(struct raising *r, struct history_line *line,
                     const struct history_change *c, struct error *err)
{
    struct stored_alert alert = {.ratio = c->ratio,
                                 .run = r->run.run,
                                 .rule = r->rule_name,
                                 .created = r->now,
                                 .closed = "",
                                 .command_status = -1};
    bool has_command = r->rule->run.shell || r->rule->run.argv.n;
    struct variables env;
    bool fresh = false;
    int rc;

    if (raised_before(r, line, c))
        return 0;
    rc = change_key_of(r->session->suite->name, line, c->at, &r->arena,
                       &alert.key, err);
    if (rc == 0)
        rc = history_alert(r->store, &alert, &fresh, err);
    if (rc < 0 || !fresh)
        return rc;
    say(line, c);
    if (!has_command || !r->session->cli->guardian)
        return 0;
    if (!make_environment(r, line, c, &env))
        return no_memory(err);
    alert.command_status = run_command(r, &env);
    return alert.command_status < 0
               ? 0
               : history_alert_update(r->store, &alert, err);
}

/* Is the change of an alert still there, and not acknowledged? */
static bool still_holds(const struct stored_alert *a,
                        const struct history_line *line)
{
    for (size_t i = 0; i < line->n_changes; i++) {
        const struct history_change *c = &line->change[i];

        if (!*c->ack &&
            change_key_fits(&a->key, a->ratio, line, c->at, c->ratio))
            return true;
    }
    return false;
}

static bool is_of(const struct stored_alert *a, const struct history_line *line)
{
    return strcmp(a->key.id, line->id) == 0 &&
           strcmp(a->key.metric, line->metric) == 0 &&
           strcmp(a->key.machine_key, line->machine_key) == 0 &&
           strcmp(a->key.branch, line->branch) == 0;
}

static int close_gone(struct raising *r, const struct history_line *line,
                      struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < r->n_known && rc == 0; i++) {
        struct stored_alert a = r->known[i];

        if (*a.closed || strcmp(a.rule, r->rule_name) != 0 ||
            !is_of(&a, line) || still_holds(&a, line))
            continue;
        a.closed = r->now;
        a.command_status = -1;
        rc = history_alert_update(r->store, &a, err);
    }
    return rc;
}

static int look_at_line(struct raising *r, struct history_line *line,
                        struct error *err)
{
    int rc = close_gone(r, line, err);

    line->alarm = alarm_of(r->rule);
    for (size_t i = 0; i < line->n_changes && rc == 0; i++)
        if (history_is_open(line, &line->change[i])) {
            r->failing += r->rule->fail;
            rc = raise_one(r, line, &line->change[i], err);
        }
    return rc;
}

/* Did this run add to the series?  Its point need not be the newest: an old
 * revision may have been measured. */
static bool is_added_to(const struct raising *r,
                        const struct history_line *line,
                        const struct history_source *source)
{
    for (size_t i = line->n; i-- > 0;)
        for (size_t k = 0; k < source->point[i].n_occasions; k++)
            if (source->point[i].occasion[k].run == r->run.run)
                return true;
    return false;
}

static void keep_added_to(const struct raising *r, struct history_lines *lines)
{
    size_t n = 0;

    for (size_t i = 0; i < lines->n; i++)
        if (is_added_to(r, &lines->line[i], &lines->source[i])) {
            lines->line[n] = lines->line[i];
            lines->source[n++] = lines->source[i];
        }
    lines->n = n;
}

static int find_changes(struct raising *r, struct history_lines *lines,
                        struct error *err)
{
    struct change_policy policy = policy_of(r->rule);
    const char *suite = r->session->suite->name;
    int rc = 0;

    for (size_t i = 0; i < lines->n && rc == 0; i++)
        rc = history_changes_find(suite, &lines->line[i], &lines->source[i],
                                  &policy, &r->arena, err);
    return rc < 0
               ? rc
               : history_changes_acks(r->store, suite, lines, &r->arena, err);
}

static int look_at_rule(struct raising *r, struct error *err)
{
    const struct history_wish wish = {.suite = r->session->suite->name,
                                      .glob = &r->rule->match,
                                      .n_globs = 1,
                                      .metric = r->rule->metric,
                                      .machine = r->run.machine_key,
                                      .branch = r->run.branch,
                                      .clean = true};
    struct history_lines lines;
    struct error none = {0};
    int rc = history_lines_load(r->store, &wish, &r->arena, &lines, &none);

    if (rc == ERR_EMPTY) /* nothing of the rule has a history yet */
        return 0;
    if (rc < 0) {
        if (err)
            *err = none;
        return rc;
    }
    keep_added_to(r, &lines);
    rc = find_changes(r, &lines, err);
    for (size_t i = 0; i < lines.n && rc == 0; i++)
        rc = look_at_line(r, &lines.line[i], err);
    return rc;
}

static int look(struct raising *r, int64_t run, struct error *err)
{
    const struct suite *suite = r->session->suite;
    int rc = runs_get(r->store, run, &r->arena, &r->run, err);

    if (rc < 0 || r->run.dirty || r->run.no_history ||
        r->run.status != RUN_COMPLETE)
        return rc;
    r->now = occasion_now(&r->arena);
    if (!r->now)
        return no_memory(err);
    rc = history_alerts(r->store, suite->name, false, &r->arena, &r->known,
                        &r->n_known, err);
    for (size_t i = 0; i < suite->n_alerts && rc == 0; i++) {
        r->rule = &suite->alert[i];
        r->rule_name = name_rule(r->rule, &r->arena);
        rc = r->rule_name ? look_at_rule(r, err) : no_memory(err);
    }
    return rc;
}

int history_alerts_raise(const struct session *session, struct store *store,
                         int64_t run, size_t *failing, struct error *err)
{
    struct raising r = {.session = session, .store = store};
    int rc = session->suite->n_alerts ? look(&r, run, err) : 0;

    if (rc == 0)
        *failing = r.failing;
    arena_clear(&r.arena);
    return rc;
}
