/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/report_page.h"

#include "base/file.h"
#include "base/scope.h"
#include "cli/dashboard_data.h"
#include "cli/record.h"
#include "cli/report_source.h"
#include "report/page.h"

DEFINE_SCOPED(struct store *, store_close)

static const char *const every_case[] = {"*"};

static int take_operands(struct session *session, struct dashboard_data *data,
                         struct error *err)
{
    const struct options *options = &session->cli->options;
    struct document document;
    int rc = 0;

    for (size_t i = 0; i < options->n_operands && rc == 0; i++) {
        rc = report_source_read(session, options->operand[i], &document, err);
        if (rc == 0)
            dashboard_data_take(data, &document);
        document_clear(&document);
    }
    return rc;
}

/* Documents can be shown without a history, and so can what else there is. */
static int add_history(struct session *session, struct store *store,
                       struct dashboard_data *data, struct error *err)
{
    bool shows = data->dashboard.gate || data->dashboard.tests;
    struct error why = {0};
    struct history_wish wish;
    int rc = history_wish_read(session, store, &wish, err);

    if (rc < 0)
        return rc;
    wish.glob = every_case;
    wish.n_globs = 1;
    wish.intervals = true;
    rc = dashboard_data_history(session, store, &wish, data, &why);
    if (rc == ERR_EMPTY && shows)
        return 0;
    if (rc < 0)
        *err = why;
    return rc;
}

static int write_page(struct session *session, struct store *store,
                      struct dashboard_data *data, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    int rc = dashboard_data_load(session, store, data, err);

    if (rc == 0)
        rc = take_operands(session, data, err);
    if (rc == 0 && store)
        rc = add_history(session, store, data, err);
    if (rc == 0)
        rc = dashboard_html(&data->dashboard, page_text, page_size, &text, err);
    return rc < 0 ? rc : cli_write(session->cli, &text, err);
}

int report_page(struct session *session, struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    const char *path = record_store_path(session);
    struct dashboard_data data = {.old_side = NULL};
    int rc = 0;

    if (page_size == 0) {
        ERROR(err, ERR_USAGE, "this tare was built without the dashboard");
        return error_help(err, "configure it with Node installed; --format "
                               "markdown needs nothing");
    }
    if (session->cli->options.n_operands == 0 || file_exists(path))
        rc = store_open(path, STORE_READ, &store, err);
    if (rc == 0)
        rc = write_page(session, store, &data, err);
    dashboard_data_clear(&data);
    return rc;
}
