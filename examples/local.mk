# SPDX-License-Identifier: GPL-3.0-or-later
# Benchmarks of real libraries, a page each.  Built where the library is there,
# not installed.  GSL, libyaml and SQLite are needed for tare itself.
example_programs = \
	examples/gsl_bench \
	examples/hello_bench \
	examples/libc_bench \
	examples/sqlite_bench \
	examples/yaml_bench
if HAVE_ZLIB
example_programs += examples/zlib_bench examples/zlib_test
endif
noinst_PROGRAMS += $(example_programs)
ci_files = examples/ci/README.md examples/ci/ci.sh examples/ci/demo.sh \
	examples/ci/github.yml examples/ci/github-baseline.yml \
	examples/ci/gitlab.yml
EXTRA_DIST += $(ci_files)
EXTRA_DIST += examples/relink.sh examples/README.md examples/tare.yaml examples/data examples/words

# <tare.h> as programs outside of this tree find it; and functions that do not
# become slower because a change elsewhere moved them (docs/measuring.md).
example_flags = $(AM_CPPFLAGS) -I$(top_srcdir)/bench -falign-functions=64

examples_hello_bench_SOURCES  = examples/hello_bench.c
examples_hello_bench_CPPFLAGS = $(example_flags)
examples_hello_bench_LDADD    = libtare.la

examples_gsl_bench_SOURCES  = examples/gsl_bench.c examples/input.h
examples_gsl_bench_CPPFLAGS = $(example_flags) $(GSL_CFLAGS)
examples_gsl_bench_LDADD    = libtare.la $(GSL_LIBS)

examples_libc_bench_SOURCES  = examples/libc_bench.c examples/input.h
examples_libc_bench_CPPFLAGS = $(example_flags)
examples_libc_bench_LDADD    = libtare.la

examples_sqlite_bench_SOURCES  = examples/sqlite_bench.c examples/input.h
examples_sqlite_bench_CPPFLAGS = $(example_flags) $(SQLITE_CFLAGS)
examples_sqlite_bench_LDADD    = libtare.la $(SQLITE_LIBS)

examples_yaml_bench_SOURCES  = examples/yaml_bench.c
nodist_examples_yaml_bench_SOURCES = examples/pipeline.inc
examples_yaml_bench_CPPFLAGS = $(example_flags) $(YAML_CFLAGS)
examples_yaml_bench_LDADD    = libtare.la $(YAML_LIBS)

examples_zlib_bench_SOURCES  = examples/zlib_bench.c examples/input.h
examples_zlib_bench_CPPFLAGS = $(example_flags) $(ZLIB_CFLAGS)
examples_zlib_bench_LDADD    = libtare.la $(ZLIB_LIBS)

examples_zlib_test_SOURCES  = examples/zlib_test.c examples/input.h
examples_zlib_test_CPPFLAGS = $(example_flags) $(ZLIB_CFLAGS)
examples_zlib_test_LDADD    = libtare.la $(ZLIB_LIBS)

# The document of yaml_bench as a C string, so that the program needs no path.
BUILT_SOURCES += examples/pipeline.inc
CLEANFILES    += examples/pipeline.inc
examples/pipeline.inc: examples/data/pipeline.yaml
	$(AM_V_GEN)$(MKDIR_P) examples && sed -e 's/\\/\\\\/g' \
	  -e 's/"/\\"/g' -e 's/.*/"&\\n"/' \
	  $(top_srcdir)/examples/data/pipeline.yaml >$@.tmp && mv $@.tmp $@

# The suite file beside the programs, so that `cd examples && tare run` works
# in a build folder.
all-local: example-suite
.PHONY: example-suite
example-suite:
	@$(MKDIR_P) examples && { cmp -s '$(srcdir)/examples/tare.yaml' \
	  examples/tare.yaml || cp '$(srcdir)/examples/tare.yaml' examples/; }
	@$(MKDIR_P) examples/services examples/isolation && for f in $(service_files); do \
	  cmp -s '$(srcdir)/'$$f $$f || cp '$(srcdir)/'$$f $$f; done
distclean-local:
	test '$(srcdir)' = . || rm -f examples/tare.yaml $(service_files)

# The two builds that `quickstart demo` puts on the scale: the same source
# linked once more, and one that does five per cent of extra work.
EXTRA_PROGRAMS += examples/again/zlib_bench examples/slowed/zlib_bench
CLEANFILES    += $(EXTRA_PROGRAMS)
examples_again_zlib_bench_SOURCES  = $(examples_zlib_bench_SOURCES)
examples_again_zlib_bench_CPPFLAGS = $(examples_zlib_bench_CPPFLAGS)
examples_again_zlib_bench_LDADD    = $(examples_zlib_bench_LDADD)
examples_again_zlib_bench_LDFLAGS  = $(AM_LDFLAGS) -Wl,--build-id=uuid
examples_slowed_zlib_bench_SOURCES  = $(examples_zlib_bench_SOURCES)
examples_slowed_zlib_bench_CPPFLAGS = $(examples_zlib_bench_CPPFLAGS) \
	-DEXTRA_PERCENT=5
examples_slowed_zlib_bench_LDADD    = $(examples_zlib_bench_LDADD)
.PHONY: demo-programs
demo-programs: examples/again/zlib_bench examples/slowed/zlib_bench

# Latencies of servers, which a suite of its own starts.
service_programs = examples/services/redis_bench \
	examples/services/postgres_bench examples/services/http_bench
noinst_PROGRAMS += $(service_programs)
examples_services_redis_bench_SOURCES  = examples/services/redis_bench.c \
	examples/services/load.c examples/services/load.h
examples_services_redis_bench_CPPFLAGS = $(example_flags)
examples_services_redis_bench_LDADD    = libtare.la
examples_services_postgres_bench_SOURCES  = examples/services/postgres_bench.c \
	examples/services/load.c examples/services/load.h
examples_services_postgres_bench_CPPFLAGS = $(example_flags)
examples_services_postgres_bench_LDADD    = libtare.la
examples_services_http_bench_SOURCES  = examples/services/http_bench.c \
	examples/services/load.c examples/services/load.h
examples_services_http_bench_CPPFLAGS = $(example_flags)
examples_services_http_bench_LDADD    = libtare.la
service_files = examples/services/tare.yaml examples/services/postgres.sh \
	examples/services/nginx.sh examples/isolation/tare.yaml
EXTRA_DIST += $(service_files) examples/services/README.md

# Tests that share nothing though they run side by side.
noinst_PROGRAMS += examples/isolation/database_test
examples_isolation_database_test_SOURCES  = examples/isolation/database_test.c
examples_isolation_database_test_CPPFLAGS = $(example_flags) $(SQLITE_CFLAGS)
examples_isolation_database_test_LDADD    = libtare.la $(SQLITE_LIBS)

# make example-layout: what linking words/ in other orders does to it.
words_link = $(top_srcdir)/examples/relink.sh {seed} {out} "$(CC)" \
	examples/layout/words.o examples/layout/words_bench.o -- \
	.libs/libtare.a -lpthread
.PHONY: example-layout
example-layout: tare libtare.la
	@$(MKDIR_P) examples/layout
	for f in words words_bench; do $(CC) $(CPPFLAGS) $(CFLAGS) \
	    -I$(top_srcdir)/bench -I$(top_srcdir)/examples/words -c \
	    -o examples/layout/$$f.o $(top_srcdir)/examples/words/$$f.c || exit 1; \
	done
	$(CC) -o examples/layout/words_bench examples/layout/words.o \
	    examples/layout/words_bench.o .libs/libtare.a -lpthread
	./tare layout -v --db examples/layout/tare.db \
	    --relink 'sh $(words_link)' examples/layout/words_bench
clean-local: example-layout-clean
.PHONY: example-layout-clean
example-layout-clean:
	rm -rf examples/layout
