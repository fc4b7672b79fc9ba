# SPDX-License-Identifier: GPL-3.0-or-later
# libtare: what users link into their benchmarks.  Depends on no other folder.
lib_LTLIBRARIES    += libtare.la
include_HEADERS    += bench/tare.h
pkgconfig_DATA     += bench/tare.pc
libtare_la_SOURCES  = bench/tare.h bench/main.c
libtare_la_LIBADD   = $(PTHREAD_LIBS)
libtare_la_LDFLAGS  = $(SAN_FLAGS) -no-undefined -version-info $(TARE_LT_VERSION)
if HAVE_VSCRIPT
libtare_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/bench/libtare.map
EXTRA_libtare_la_DEPENDENCIES = bench/libtare.map
endif
EXTRA_DIST         += bench/libtare.map
