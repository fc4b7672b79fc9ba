#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write placements.json as a C table, so that the tests need no JSON parser.

Usage, in this folder:
    ./make-table.py > ../../unit/runner/machine/placements_table.h
"""
import json

STATES = {"clean": "PLACEMENT_CLEAN", "no-core-left": "PLACEMENT_NO_CORE_LEFT"}


def classes(machine):
    sizes = machine["class_cores"]
    return "{" + ", ".join(str(n) for n in sizes) + "}"


def machine_row(name, m):
    t = m["totals"]
    return ('    {"%s", %d, %d, {%d, %d}, %d, %d, %s, %s, %d,\n'
            "     {%d, %d, %d, %d}, %d},") % (
        name, m["cores"], m["pus"], *m["threads_per_core"],
        m["kinds_reported"], m["classes"], classes(m),
        "true" if m["rank_known"] else "false", m["N"], t["packages"],
        t["numa_localities"], t["l3"], t["l2"],
        m.get("comparison_1_2_4", {}).get("largest_n", 0))


def plan_row(name, n, p):
    if p["flag"] == "refuse":
        return '    {"%s", %s, true, PLACEMENT_CLEAN, -1, 0, {0}, 0},' % (
            name, n)
    reserve = p["reserve_pus"]
    return '    {"%s", %s, false, %s, %d, %d,\n     {%d, %d, %d, %d}, %d},' % (
        name, n, STATES[p["flag"]], reserve[0] if reserve else -1,
        1 if p["memory"] == "local" else 0, p["packages"],
        p["numa_localities"], p["l3"], p["l2"], p.get("class", 0))


def main():
    with open("placements.json", encoding="ascii") as file:
        machines = json.load(file)
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made from tests/data/topologies/placements.json by make-table.py "
          "there. */")
    print("/* clang-format off */")
    print('#include "tests/unit/runner/machine/placements.h"\n')
    print("static const struct machine_row machine_rows[] = {")
    for name, machine in machines.items():
        print(machine_row(name, machine))
    print("};\n\nstatic const struct plan_row plan_rows[] = {")
    for name, machine in machines.items():
        for n, plan in machine["plans"].items():
            print(plan_row(name, n, plan))
    print("};")


main()
