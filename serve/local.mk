# SPDX-License-Identifier: GPL-3.0-or-later
# The HTTP server (libmicrohttpd), or what stands in for it.
noinst_LIBRARIES += libserve.a
libserve_a_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
libserve_a_SOURCES = serve/server.h
if HAVE_SERVE
libserve_a_SOURCES += serve/server.c serve/http.c serve/http.h
else
libserve_a_SOURCES += serve/none.c
endif
EXTRA_DIST += serve/README.md serve/server.c serve/http.c serve/http.h serve/none.c
