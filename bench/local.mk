# SPDX-License-Identifier: GPL-3.0-or-later
# libtare: what users link into their benchmarks.  Depends on no other folder.
lib_LTLIBRARIES    += libtare.la
noinst_LTLIBRARIES += libbench.la
include_HEADERS    += bench/tare.h
pkgconfig_DATA     += bench/tare.pc
dist_man_MANS      += man/tare.h.3
# Everything but main(); unit tests of internals link it, because what the
# shared library does not export they could not reach.
libbench_la_SOURCES = \
	bench/callgrind.c bench/callgrind.h \
	bench/cases.c bench/cases.h \
	bench/check.c \
	bench/clock.c bench/clock.h \
	bench/context.c bench/context.h \
	bench/crash.c bench/crash.h \
	bench/counts.c bench/counts.h \
	bench/direct.c bench/direct.h \
	bench/events.c \
	bench/figures.c \
	bench/fixture.c bench/fixture.h \
	bench/histogram.c bench/histogram.h \
	bench/isolate.c bench/isolate.h \
	bench/latency.c bench/latency.h \
	bench/judge.c bench/judge.h \
	bench/leftover.c bench/leftover.h \
	bench/list.c \
	bench/loop.c bench/loop.h \
	bench/manner.c bench/manner.h \
	bench/message.c bench/message.h \
	bench/namespaces.c \
	bench/params.c bench/params.h \
	bench/program.c \
	bench/quick.c bench/quick.h \
	bench/registry.c bench/registry.h \
	bench/session.c bench/session.h \
	bench/stage.c bench/stage.h \
	bench/strays.c bench/strays.h \
	bench/team.c bench/team.h \
	bench/tested.c bench/tested.h \
	bench/wire.h \
	bench/worker.c bench/worker.h
# Not AM_LDFLAGS: its -static would leave out the objects for the shared library.
libbench_la_LDFLAGS = $(SAN_FLAGS)
libtare_la_SOURCES  = bench/tare.h bench/main.c
libtare_la_LIBADD   = libbench.la $(PTHREAD_LIBS)
libtare_la_LDFLAGS  = $(SAN_FLAGS) -no-undefined -version-info $(TARE_LT_VERSION)
if HAVE_VSCRIPT
libtare_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/bench/libtare.map
EXTRA_libtare_la_DEPENDENCIES = bench/libtare.map
endif
EXTRA_DIST         += bench/README.md bench/libtare.map
