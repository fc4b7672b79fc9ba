/* SPDX-License-Identifier: MIT */
/* The main() of programs without their own: alone in its object file, so that
 * a static link takes it only then. */
#include <config.h>

#include "bench/tare.h"

TARE_API int main(int argc, char **argv);

int main(int argc, char **argv)
{
    return tare_main(argc, argv);
}
