# SPDX-License-Identifier: GPL-3.0-or-later
"""Reduces the measured sessions to one number per process:

    python3 medians.py FOLDER > sessions.txt

FOLDER holds sessions_p40_k25.json.gz, sessions_p12_k13.json.gz and
duet_pairs.json.gz.  The first three iterations of a process are its warm-up;
its number is the median of the others, in ns.
"""
import gzip
import json
import statistics
import sys


def load(folder, name):
    with gzip.open(f"{folder}/{name}.json.gz", "rt", encoding="utf-8") as f:
        return json.load(f)


def level(process):
    return f"{statistics.median(process[3:]):.10g}"


def main(folder):
    print("# Process medians of unchanged programs on a shared 2-core virtual")
    print("# machine, ns; see README.md.  kind session benchmark values...")
    for name in ("p40_k25", "p12_k13"):
        for session in load(folder, "sessions_" + name):
            for bench, processes in session["data"].items():
                print(name[:3], session["session"], bench,
                      *[level(p) for p in processes])
    for bench, pairs in load(folder, "duet_pairs").items():
        for kind, measured in pairs.items():
            values = [v for old, new, _ in measured
                      for v in (level(old), level(new))]
            print(kind, "-", bench, *values)


main(sys.argv[1])
