# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns Pragmastat's conformance vectors into a C header:

    python3 pragmastat.py FOLDER > pragmastat.h

FOLDER holds one JSON object per function, keyed by case, made of the files in
tests/ of AndreyAkinshin/pragmastat (MIT), snapshot commit 1524ac58d8a5.
"""
import json
import sys

names = {}


def number(v):
    return repr(float(v)) if v == v else "NAN"


def vector(values):
    key = tuple(values)
    if key not in names:
        names[key] = f"prag_x{len(names)}"
        text, line = [], "   "
        for v in values:
            item = f" {number(v)},"
            if len(line) + len(item) > 79:
                text.append(line)
                line = "   "
            line += item
        text.append(line)
        print(f"static const double {names[key]}[] = {{")
        print("\n".join(text) + "\n};")
    return names[key]


def load(folder, name):
    with open(f"{folder}/{name}.json", encoding="utf-8") as f:
        cases = json.load(f)
    return [c for c in cases.values() if "output" in c]


def table(kind, name, rows):
    print(f"static const struct {kind} {name}[] = {{")
    for row in rows:
        print("    {" + ", ".join(row) + "},")
    print("};")


def two(case):
    x, y = case["input"]["x"], case["input"]["y"]
    return [vector(x), str(len(x)), vector(y), str(len(y))]


def main(folder):
    print("/* SPDX-License-Identifier: MIT */")
    print("/* Conformance vectors of Pragmastat, Copyright (c) Andrey Akinshin,")
    print(" * MIT licence; AndreyAkinshin/pragmastat, snapshot commit")
    print(" * 1524ac58d8a592dba16dcd1917a7014cf5b7bfdb.  Numbers unmodified.")
    print(" * Made by tests/reference/pragmastat.py. */")
    table("margin_case", "prag_margin",
          [[str(c["input"]["n"]), str(c["input"]["m"]),
            number(c["input"]["misrate"]), str(c["output"])]
           for c in load(folder, "pairwise-margin")
           if c["input"]["n"] + c["input"]["m"] <= 56])
    rows = []
    for c in load(folder, "center"):
        x = c["input"]["x"]
        rows.append([vector(x), str(len(x)), number(c["output"])])
    table("center_case", "prag_center", rows)
    rows = [two(c) + [number(c["output"])] for c in load(folder, "shift")]
    table("shift_case", "prag_shift", rows)
    rows = []
    for c in load(folder, "shift-bounds"):
        if len(c["input"]["x"]) + len(c["input"]["y"]) > 56:
            continue
        rows.append(two(c) + [number(c["input"]["misrate"]),
                              number(c["output"]["lower"]),
                              number(c["output"]["upper"])])
    table("bounds_case", "prag_shift_bounds", rows)


main(sys.argv[1])
