# SPDX-License-Identifier: GPL-3.0-or-later
# Rules of the tree that a script checks.  See tools/README.md.
EXTRA_DIST += tools/README.md tools/files.sh tools/strip.awk tools/lint.sh \
	tools/layers.txt tools/banned.txt tools/words.txt \
	tools/check-banned.sh tools/check-exports.sh tools/check-headers.sh \
	tools/check-layers.sh tools/check-links.sh tools/check-pure.sh tools/check-readmes.sh \
	tools/check-shell.sh tools/check-size.sh tools/check-spdx.sh \
	tools/check-words.sh tools/check-format.sh tools/analyze.sh \
	tools/embed.sh

lint_env = CC='$(CC)' CXX='$(CXX)' CPPFLAGS='$(GSL_CFLAGS) $(HWLOC_CFLAGS) \
	$(YAML_CFLAGS) $(SQLITE_CFLAGS)'
.PHONY: lint format-check analyze
lint: all
	@$(lint_env) $(SHELL) $(top_srcdir)/tools/lint.sh \
	  '$(abs_top_srcdir)' '$(abs_top_builddir)'

# Another version of clang-format would lay out differently, and gcc's analyser
# takes minutes: both are asked for, not part of lint.
format-check:
	@$(SHELL) $(top_srcdir)/tools/check-format.sh '$(abs_top_srcdir)'
analyze: all
	@$(lint_env) $(SHELL) $(top_srcdir)/tools/analyze.sh \
	  '$(abs_top_srcdir)' '$(abs_top_builddir)'
