# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the test series of MongoDB's E-Divisive into a C header:

    python3 mongodb.py FOLDER > mongodb.h

FOLDER holds the JSON files of tests/data of
mongodb/signal-processing-algorithms (Apache-2.0), snapshot commit
aec099a9696d.
"""
import json
import sys


def load(folder, name):
    with open(f"{folder}/{name}.json", encoding="utf-8") as f:
        return json.load(f)


def doubles(name, values):
    print(f"static const double {name}[] = {{")
    line = "   "
    for v in values:
        item = f" {float(v)!r},"
        if len(line) + len(item) > 79:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")


def main(folder):
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Series and expected divergences of MongoDB's E-Divisive, "
          "Copyright MongoDB,")
    print(" * Inc., Apache-2.0; mongodb/signal-processing-algorithms, "
          "snapshot commit")
    print(" * aec099a9696d17ccd1e85a357313614a01f859a2.  Numbers unmodified.")
    print(" * Made by tests/reference/mongodb.py. */")
    doubles("mongodb_series", load(folder, "robust_series"))
    doubles("mongodb_divergence",
            load(folder, "expected_result_robust_series_proper_division"))
    doubles("mongodb_long_series", load(folder, "long_series"))
    expected = load(folder, "expected")["long_series"]
    print(f"enum {{ MONGODB_LONG_CHANGES = {expected['n_change_points']} }};")


main(sys.argv[1])
