# SPDX-License-Identifier: GPL-3.0-or-later
# Examples include <tare.h> as programs outside of this tree do.
EXAMPLES_CPPFLAGS = -I$(top_srcdir)/bench

noinst_PROGRAMS += examples/hello_bench
examples_hello_bench_SOURCES  = examples/hello_bench.c
examples_hello_bench_CPPFLAGS = $(EXAMPLES_CPPFLAGS)
examples_hello_bench_LDADD    = libtare.la
