# SPDX-License-Identifier: GPL-3.0-or-later
# The web page.  A tarball brings it along, dashboard/built.html; a checkout
# builds it with Node; a program configured without it has an empty one.
dashboard_sources = dashboard/index.html dashboard/package.json \
	dashboard/package-lock.json dashboard/tsconfig.json \
	dashboard/vite.config.ts \
	dashboard/src/app.ts \
	dashboard/src/charts/distribution.ts \
	dashboard/src/charts/forest.ts \
	dashboard/src/charts/plot.ts \
	dashboard/src/charts/scaling.ts \
	dashboard/src/charts/spark.ts \
	dashboard/src/charts/timeline.ts \
	dashboard/src/charts/trend.ts \
	dashboard/src/data/decode.ts \
	dashboard/src/data/model.ts \
	dashboard/src/data/source.ts \
	dashboard/src/data/types.ts \
	dashboard/src/filter.ts \
	dashboard/src/format.ts \
	dashboard/src/main.ts \
	dashboard/src/route.ts \
	dashboard/src/style/base.css \
	dashboard/src/style/parts.css \
	dashboard/src/style/views.css \
	dashboard/src/ui/dom.ts \
	dashboard/src/ui/frame.ts \
	dashboard/src/ui/list.ts \
	dashboard/src/ui/parts.ts \
	dashboard/src/ui/theme.ts \
	dashboard/src/views/comparison.ts \
	dashboard/src/views/index.ts \
	dashboard/src/views/machine.ts \
	dashboard/src/views/overview.ts \
	dashboard/src/views/suite.ts \
	dashboard/src/views/trends.ts \
	dashboard/src/views/workers.ts
EXTRA_DIST += $(dashboard_sources) dashboard/README.md dashboard/build.sh

if BUILD_DASHBOARD
dashboard_page = dashboard/page.html
dashboard/page.html: $(dashboard_sources) dashboard/build.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/dashboard/build.sh '$(NPM)' $(srcdir) \
	  dashboard $@
else
if HAVE_DASHBOARD
dashboard_page = $(srcdir)/dashboard/built.html
else
dashboard_page = /dev/null
endif
endif

dashboard/page.c: $(dashboard_page) tools/embed.sh
	$(AM_V_at)$(MKDIR_P) dashboard
	$(AM_V_GEN)$(SHELL) $(srcdir)/tools/embed.sh $(dashboard_page) \
	  report/page.h page >$@.new
	$(AM_V_at)mv $@.new $@

nodist_libreport_a_SOURCES = dashboard/page.c
CLEANFILES += dashboard/page.c dashboard/page.html

clean-local: clean-dashboard
.PHONY: clean-dashboard
clean-dashboard:
	-rm -rf dashboard/npm

# What is released needs no Node to build.
dist-hook: $(dashboard_page)
	@[ -s $(dashboard_page) ] || { \
	  echo 'make dist: the page is missing; configure with Node' >&2; \
	  exit 1; }
	cp -p $(dashboard_page) $(distdir)/dashboard/built.html
