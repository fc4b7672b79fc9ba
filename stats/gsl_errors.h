/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GSL's default error handler aborts the process; ours are return values. */
#ifndef STATS_GSL_ERRORS_H
#define STATS_GSL_ERRORS_H

/* Switch the handler off for the whole process.  Once, first thing in main. */
void stats_gsl_errors_off(void);

#endif
