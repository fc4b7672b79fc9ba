# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects performance histories of other projects, one a line:

    python3 series.py FOLDER > series.txt

FOLDER holds perfherder-talos/*.csv, mongodb-edivisive/*.json and
otava/tigerbeetle.json as their repositories have them.
"""
import csv
import json
import sys


def talos(folder, name):
    with open(f"{folder}/perfherder-talos/{name}.csv", encoding="utf-8") as f:
        return [row["value"] for row in csv.DictReader(f)]


def numbers(folder, path, key=None):
    with open(f"{folder}/{path}.json", encoding="utf-8") as f:
        data = json.load(f)
    return [repr(v) for v in (data[key] if key else data)]


def main(folder):
    print("# Performance histories; see README.md.  name values...")
    for name in ("runs1", "runs2", "a11y", "tp5rss"):
        print("talos-" + name, *talos(folder, name))
    for name in ("robust_series", "mad_series"):
        print("mongodb-" + name, *numbers(folder, "mongodb-edivisive/" + name))
    print("otava-tigerbeetle",
          *numbers(folder, "otava/tigerbeetle", "series"))


main(sys.argv[1])
