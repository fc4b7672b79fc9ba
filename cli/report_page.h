/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare report --format html: the dashboard as one file. */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include "cli/session.h"

/* Write the page.  Operands are runs or documents that are shown instead of the
 * newest ones; without any the store must be there.
 *
 * Returns 0; ERR_USAGE in a program without the page; ERR_EMPTY when there is
 * nothing to show; errors of the store, of a document or of writing. */
int report_page(struct session *session, struct error *err);

#endif
