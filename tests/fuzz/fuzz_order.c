/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders as a measured program reads them, and what it writes. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "bench/message.h"
#include "tests/fuzz/target.h"

static struct tarei_out out;

/* Whatever is written can be read. */
static void check_written(void)
{
    char *bytes = target_copy(out.bytes, out.size);
    struct tarei_message message;

    MUST(out.size <= WIRE_MESSAGE_MAX);
    MUST(tarei_message_parse(bytes, out.size, &message) == NULL);
    free(bytes);
}

static void check_numbers(const struct tarei_message *message)
{
    for (size_t i = 0; i < message->n; i++) {
        int64_t value = -7;
        int rc =
            tarei_message_int(message, message->field[i].key, 0, 1000, &value);

        MUST((rc == 0) == (value >= 0 && value <= 1000));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = target_copy(data, size);
    struct tarei_message message = {.verb = NULL};
    const char *problem = tarei_message_parse(bytes, size, &message);

    MUST((problem == NULL) == (message.verb != NULL));
    if (!problem)
        check_numbers(&message);
    free(bytes);

    tarei_out_begin(&out, "tested");
    bytes = target_copy(data, size);
    bytes[size] = '\0';
    tarei_out_text(&out, "message", bytes);
    tarei_out_tail(&out, "output", bytes, size);
    tarei_out_int(&out, "cpu", (int64_t)size);
    check_written();
    free(bytes);
    return 0;
}
