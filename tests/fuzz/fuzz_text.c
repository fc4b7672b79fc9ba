/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text that is UTF-8 comes back from YAML as it was, as a value and as an
 * item of a flow list. */
#include <config.h>

#include <string.h>

#include "base/scope.h"
#include "base/utf8.h"
#include "config/suite.h"
#include "config/yaml_text.h"
#include "tests/fuzz/target.h"

static void check_text(const char *text)
{
    struct strbuf yaml = {0};
    struct suite *suite = NULL;
    struct error err = {0};

    strbuf_puts(&yaml, "tare: 1\nsuite: ");
    yaml_text(&yaml, text);
    strbuf_puts(&yaml, "\nprograms: [{path: x, args: [");
    yaml_flow_text(&yaml, text);
    strbuf_puts(&yaml, "]}]\n");
    MUST(suite_parse("fuzz", strbuf_text(&yaml), yaml.size, &suite, &err) == 0);
    if (utf8_is_valid(text)) {
        MUST(strcmp(suite->name, text) == 0);
        MUST(suite->program[0].args.n == 1);
        MUST(strcmp(suite->program[0].args.word[0], text) == 0);
    }
    suite_free(suite);
    strbuf_clear(&yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(free_scoped) char *text = target_text(data, size);

    if (size < 100000)
        check_text(text);
    return 0;
}
