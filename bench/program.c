/* SPDX-License-Identifier: MIT */
/* What a program with libtare does: obey tare, or show what it holds. */
#include <config.h>

#include "bench/direct.h"
#include "bench/tare.h"
#include "bench/wire.h"
#include "bench/worker.h"

#include <string.h>

int tare_main(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[argc - 1], WIRE_ARGUMENT) == 0)
        return tarei_worker_main(argv[0]);
    return tarei_direct_main(argc, argv);
}
