#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sittings.txt from runs of the same unchanged programs, one document each:

    for i in $(seq 40); do
        tare run --max-time 9s --format json -o run$i.json PROGRAM...; sleep 90
    done
    sittings.py run*.json > sittings.txt
"""
import json
import statistics
import sys

print("# Medians of single processes and anchors of runs some 100 s apart, ns;")
print("# see README.md.  kind sitting name values...")
for number, name in enumerate(sys.argv[1:], 1):
    with open(name, encoding="utf-8") as file:
        run = json.load(file)
    sitting = f"r{number:02}"
    for anchor, value in run["anchors"].items():
        print("anchor", sitting, anchor, f"{value:.8g}")
    for case in run["cases"]:
        if case["status"] == "measured":
            medians = map(statistics.median, case["metrics"]["time"]["invocations"])
            print("sit", sitting, case["id"], *(f"{x:.8g}" for x in medians))
