# SPDX-License-Identifier: GPL-3.0-or-later
# What tare preloads to count allocations.  Never sanitized: a sanitizer brings
# an allocator of its own.
pkglib_LTLIBRARIES += libtare-alloc.la
libtare_alloc_la_SOURCES = alloc/alloc.c alloc/alloc.h alloc/shared.h
libtare_alloc_la_CFLAGS  = $(WARN_CFLAGS) $(VIS_CFLAGS) -fno-builtin
libtare_alloc_la_LDFLAGS = -module -avoid-version -shared -no-undefined
EXTRA_DIST += alloc/README.md
