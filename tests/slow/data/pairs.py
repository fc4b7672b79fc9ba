# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects the pair ratios of comparisons of equal programs:

    python3 pairs.py REPORT.json... > pairs.txt

Each report is what `tare compare OLD NEW --margin 0.001% --budget 3s -v
--format json` said of a program and a copy of it with one byte appended, which
it measures because their hashes differ.
"""
import json
import sys


def main(paths):
    print("# New/old ratios of the pairs of equal programs, interleaved; see")
    print("# README.md.  kind session case ratios...")
    for path in paths:
        with open(path, encoding="utf-8") as f:
            cases = json.load(f)["cases"]
        for case in cases:
            ratios = case.get("pair_ratios") or []
            if case["metric"] == "time" and len(ratios) >= 30:
                print("pairs", "-", case["id"],
                      *[f"{r:.6g}" for r in ratios])


main(sys.argv[1:])
