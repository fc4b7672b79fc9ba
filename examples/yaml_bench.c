/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml on a real document: the pipeline file in examples/data.
 *
 * Shown here: a correctness count (events, nodes) as the result, and user
 * counters. */
#include <string.h>

#include <yaml.h>

#include <tare.h>

/* Made of examples/data/pipeline.yaml by examples/local.mk. */
static const char document[] =
#include "examples/pipeline.inc"
    ;

/* Reads the document event by event; returns how many, 0 for an error. */
static uint64_t count_events(void)
{
    yaml_parser_t parser;
    yaml_event_t event;
    uint64_t events = 0;
    int last = 0;

    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)document,
                                 sizeof document - 1);
    while (!last && yaml_parser_parse(&parser, &event)) {
        last = event.type == YAML_STREAM_END_EVENT;
        events++;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return last ? events : 0;
}

TARE_BENCH(parse, .tags = "parse")
{
    uint64_t events = 0;

    TARE_LOOP(b) {
        events = count_events();
        TARE_USE(events);
    }
    tare_bytes(b, sizeof document - 1);
    tare_counter(b, "events", (double)events, "1", TARE_LOWER_IS_BETTER);
    tare_result(b, events);
}

/* Builds the whole document in memory; returns its nodes, 0 for an error. */
static uint64_t count_nodes(void)
{
    yaml_parser_t parser;
    yaml_document_t tree;
    uint64_t nodes = 0;

    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)document,
                                 sizeof document - 1);
    if (yaml_parser_load(&parser, &tree)) {
        nodes = (uint64_t)(tree.nodes.top - tree.nodes.start);
        yaml_document_delete(&tree);
    }
    yaml_parser_delete(&parser);
    return nodes;
}

TARE_BENCH(load, .tags = "parse", .baseline = "parse")
{
    uint64_t nodes = 0;

    TARE_LOOP(b) {
        nodes = count_nodes();
        TARE_USE(nodes);
    }
    tare_bytes(b, sizeof document - 1);
    tare_result(b, nodes);
}
