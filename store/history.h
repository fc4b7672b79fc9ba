/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one metric of one case moved from revision to revision, and what people
 * and alerts said about its changes.  See db.h for errors and ownership.
 *
 * Finished runs are part of the history, whatever their status; a case that
 * failed in a run has no point of it. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/results.h"
#include "store/db.h"

/* What one run says about a point. */
struct series_occasion {
    int64_t run;
    const char *created;
    double value;         /* median of the invocations' medians */
    const double *median; /* one per invocation, in their order */
    size_t n;
    int64_t version; /* declared on the case */
};

/* One revision on one machine. */
struct series_point {
    const char *revision; /* "" when unknown: each run is its own point */
    const char *branch;
    const char *machine_key;
    bool dirty;
    const char *created;              /* of its first occasion */
    double value;                     /* median over the occasions */
    struct series_occasion *occasion; /* oldest first */
    size_t n_occasions;
};

struct series {
    const char *id, *metric, *unit;
    enum better better;
    struct series_point *point; /* by commit date where known, else by the
                                 * time of the first occasion */
    size_t n;
};

/* Which points; a zeroed filter with suite, id and metric takes all. */
struct series_filter {
    const char *suite, *id, *metric;
    const char *branch, *machine_key; /* NULL: any */
    const char *since, *until; /* created, ISO 8601, inclusive; NULL: any */
    bool clean;                /* leave out runs of changed sources */
    size_t last;               /* at most so many points, the newest; 0: all */
};

/* Read a series; n is 0 when there is nothing.  A metric that changed its unit
 * gives the series of the unit used last.  Strings and arrays hang in the
 * arena.  Cost: linear in the runs that have the case, about 2 us each. */
int history_series(struct store *store, const struct series_filter *filter,
                   struct arena *arena, struct series *out, struct error *err);

/* One case and metric that has a history. */
struct history_name {
    const char *suite, *id, *metric, *unit;
    enum better better;
    int64_t last_run; /* the newest one that has the case */
};

/* What has a history, sorted by suite, id and metric.
 *
 * suite  NULL for all; '@' ids are included
 *
 * Cost: about 2 us for each case and metric. */
int history_names(struct store *store, const char *suite, struct arena *arena,
                  struct history_name **out, size_t *n, struct error *err);

/* What names a change: it lies between two revisions of one series. */
struct change_key {
    const char *suite, *id, *metric;
    const char *machine_key, *branch; /* "" for any */
    const char *revision;             /* the first one after the change */
};

struct change_ack {
    struct change_key key;
    double ratio; /* new/old as it was when acknowledged, NaN if unknown */
    const char *reason, *author, *created;
};

/* Acknowledge a change: it never alerts again.  A second one replaces the
 * reason.  The reason may not be empty (ERR_USAGE). */
int history_ack(struct store *store, const struct change_ack *ack,
                struct error *err);

/* Take an acknowledgement back.  ERR_EMPTY when there is none. */
int history_unack(struct store *store, const struct change_key *key,
                  struct error *err);

/* The acknowledgements, sorted by key.  suite NULL: all. */
int history_acks(struct store *store, const char *suite, struct arena *arena,
                 struct change_ack **out, size_t *n, struct error *err);

/* An alert that was raised for a change. */
struct stored_alert {
    struct change_key key;
    double ratio;
    int64_t run;         /* that raised it; 0 once that run was pruned */
    const char *rule;    /* names the rule of the suite file */
    const char *created; /* when it was raised first */
    const char *closed;  /* when the change was gone or acknowledged; "" while
                          * it is open */
    int command_status;  /* exit status of the rule's command; -1: none ran */
};

/* Record an alert.  *fresh tells whether it is new: an open alert of the same
 * change and rule only has its ratio brought up to date, so that a command
 * runs once per change. */
int history_alert(struct store *store, const struct stored_alert *alert,
                  bool *fresh, struct error *err);

/* Record how the command of an alert ended, or that the alert is closed (the
 * fields of `alert` that are set: command_status >= 0, closed not ""). */
int history_alert_update(struct store *store, const struct stored_alert *alert,
                         struct error *err);

/* Alerts, newest first.  open_only leaves closed ones out. */
int history_alerts(struct store *store, const char *suite, bool open_only,
                   struct arena *arena, struct stored_alert **out, size_t *n,
                   struct error *err);

#endif
