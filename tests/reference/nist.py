# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns NIST StRD univariate sets into a C header:

    python3 nist.py univariate.json > nist.h

The JSON holds, by set, the values and the certified mean, standard deviation
and lag-1 autocorrelation (NIST Statistical Reference Datasets, public domain).
NumAcc2, 3 and 4 follow a rule and are made by the test.
"""
import json
import sys


def vector(kind, name, values, show):
    print(f"static const {kind} {name}[] = {{")
    line = "   "
    for v in values:
        item = f" {show(v)},"
        if len(line) + len(item) > 79:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")


def main(path):
    with open(path, encoding="utf-8") as f:
        sets = json.load(f)
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* NIST Statistical Reference Datasets, univariate summary "
          "statistics (public")
    print(" * domain).  Made by tests/reference/nist.py. */")
    names = [n for n in sets if n not in ("numacc2", "numacc3", "numacc4")]
    for name in names:
        vector("double", "nist_" + name, sets[name]["values"],
               lambda v: repr(float(v)).removesuffix(".0"))
    print("static const struct nist_case nist_cases[] = {")
    for name in names:
        c = sets[name]["certified"]
        print(f'    {{"{name}", nist_{name}, {sets[name]["n"]}, '
              f'{c["mean"]!r}, {c["sd"]!r}, {c["lag1"]!r}}},')
    print("};")


main(sys.argv[1])
