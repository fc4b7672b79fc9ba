/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_read.h"
#include "base/scope.h"
#include "cli/dashboard_data.h"
#include "cli/record.h"
#include "cli/report_source.h"
#include "report/page.h"

DEFINE_SCOPED(struct store *, store_close)

static const char *const every_case[] = {"*"};

/* A result of `tare scale` goes into the page as it is; *found tells whether
 * the file is one. */
static int take_scale(struct session *session, const char *path,
                      struct dashboard_data *data, bool *found,
                      struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    const struct json_value *root;
    const char *schema;
    size_t size;
    int rc = file_read(path, DOCUMENT_MAX_BYTES, &text, &size, err);

    *found = false;
    if (rc == 0)
        rc = json_read(path, text, size, &session->arena, &root, err);
    if (rc < 0)
        return rc;
    schema = json_get_text(root, "schema", "");
    *found = strcmp(schema, "tare/scale/1") == 0;
    if (!*found)
        return 0;
    data->dashboard.scale = arena_strdup(&session->arena, strchr(text, '{'));
    return data->dashboard.scale
               ? 0
               : ERROR(err, ERR_NOMEM, "no memory for a document");
}

static int take_operand(struct session *session, struct store *store,
                        const char *word, struct dashboard_data *data,
                        struct error *err)
{
    const char *json = NULL;
    bool scale = false, is_file = file_exists(word);
    struct document document;
    int rc = 0;

    if (is_file)
        rc = take_scale(session, word, data, &scale, err);
    else if (store)
        rc = report_source_scale(session, store, word, &json, err);
    if (json)
        data->dashboard.scale = json;
    if (rc < 0 || scale || json)
        return rc;
    rc = report_source_read(session, word, &document, err);
    if (rc == 0)
        rc = dashboard_data_take(data, &document, is_file ? NULL : store, err);
    document_clear(&document);
    return rc;
}

static int take_operands(struct session *session, struct store *store,
                         struct dashboard_data *data, struct error *err)
{
    const struct options *options = &session->cli->options;
    int rc = 0;

    for (size_t i = 0; i < options->n_operands && rc == 0; i++)
        rc = take_operand(session, store, options->operand[i], data, err);
    return rc;
}

/* Documents can be shown without a history, and so can what else there is. */
static int add_history(struct session *session, struct store *store,
                       struct dashboard_data *data, struct error *err)
{
    bool shows =
        data->dashboard.gate || data->dashboard.tests || data->dashboard.scale;
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
        rc = take_operands(session, store, data, err);
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
