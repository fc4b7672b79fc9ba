/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "serve/http.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/scope.h"

/* The interface that the header describes since 0.9.26. */
static const char file[] = "libmicrohttpd.so.12";

struct http http;

static const struct symbol {
    const char *name;
    size_t offset;
} symbols[] = {
#define HTTP_SYMBOL(name) {"MHD_" #name, offsetof(struct http, name)},
    HTTP_FUNCTIONS(HTTP_SYMBOL)
#undef HTTP_SYMBOL
};

int http_load(struct error *err)
{
    void *library = http.run ? NULL : dlopen(file, RTLD_NOW | RTLD_LOCAL);

    if (http.run)
        return 0;
    for (size_t i = 0; library && i < ARRAY_LEN(symbols); i++) {
        void *found = dlsym(library, symbols[i].name);

        if (!found) {
            dlclose(library);
            library = NULL;
            break;
        }
        memcpy((char *)&http + symbols[i].offset, &found, sizeof found);
    }
    if (library)
        return 0;
    http = (struct http){0};
    ERROR(err, ERR_USAGE, "%s is not installed", file);
    error_help(err, "install libmicrohttpd (Debian: libmicrohttpd12); 'tare "
                    "report --format html' writes the same page");
    return ERR_USAGE;
}
