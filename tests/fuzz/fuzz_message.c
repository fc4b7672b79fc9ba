/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of programs, as cases, answers of tests, and text again. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "runner/process/cases.h"
#include "runner/process/message.h"
#include "runner/process/peer.h"
#include "tests/fuzz/target.h"

/* Writing a message and reading it again changes nothing. */
static void check_round_trip(const struct message *message)
{
    struct strbuf text = {0};
    struct message again;
    char *bytes;
    int rc;

    message_begin(&text, message->verb);
    for (size_t i = 0; i < message->n; i++)
        message_add(&text, message->field[i].key, message->field[i].value);
    MUST(!text.failed);
    bytes = target_copy(text.text, text.size);
    rc = message_parse("again", bytes, text.size, &again, NULL);
    MUST(rc == 0 && again.n == message->n);
    MUST(strcmp(again.verb, message->verb) == 0);
    for (size_t i = 0; i < again.n; i++) {
        MUST(strcmp(again.field[i].key, message->field[i].key) == 0);
        MUST(strcmp(again.field[i].value, message->field[i].value) == 0);
    }
    free(bytes);
    strbuf_clear(&text);
}

static void check_case(const struct message *message)
{
    struct peer_cases cases = {0};
    struct error err = {0};
    int rc = peer_cases_add(&cases, message, &err);

    MUST((rc == 0) == (cases.n == 1));
    MUST((rc == 0) == (err.code == ERR_OK));
    if (rc == 0)
        MUST(cases.item[0].name[0] && cases.item[0].kind);
    peer_cases_clear(&cases);
}

static void check_tested(const struct message *message)
{
    struct peer_tested tested = {.outcome = TEST_UNSET};
    struct error err = {0};
    int rc = peer_read_tested(message, &tested, &err);

    MUST((rc == 0) == (tested.outcome != TEST_UNSET));
    MUST((rc == 0) == (err.code == ERR_OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = target_copy(data, size);
    struct message message = {0};
    struct error err = {0};
    int rc = message_parse("fuzz", bytes, size, &message, &err);

    MUST((rc == 0) == (message.verb != NULL));
    MUST((rc == 0) == (err.code == ERR_OK));
    if (rc == 0) {
        check_round_trip(&message);
        check_case(&message);
        check_tested(&message);
    }
    free(bytes);
    return 0;
}
