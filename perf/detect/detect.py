#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Tare finds, what it raises false alarms about, and what its peers do.

Every comparison has a known truth: "new" does 0, 1 or 5 % more work than "old".
Kernels of different character, comparisons in random order, every comparison by
every tool in turn (a different one first each time), each with the same time at
its disposal.  One line per comparison is appended to the file of results, so a
run can be cut short, or made in parts, at any point: the next one goes on.

    detect.py --tare ./tare --programs perf/detect [--minutes 30]
"""

import argparse
import collections
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import rates
import tools

CALM = ("integer", "float", "branchy")
NOISY = ("malloc", "stream", "chase", "syscall", "sqlite")
CLASSES = {"calm": CALM, "noisy": NOISY}

Cell = collections.namedtuple("Cell", "name permille margin seconds")


def cells(slack):
    """name, change, margin, seconds a tool may use (calm, noisy), comparisons a
    class."""
    table = (
        ("+1% at 0.5%", 10, 0.005, (4, 8), 100),
        ("+5% at 2.5%", 50, 0.025, (2, 4), 100),
        ("same at 0.5%", 0, 0.005, (4, 8), 150),
        ("same at 2%", 0, 0.02, (2, 4), 150),
    )
    return {
        (kind, name): (Cell(name, permille, margin, slack * seconds[k]), n)
        for name, permille, margin, seconds, n in table
        for k, kind in enumerate(CLASSES)
    }


class Bench:
    """Executables, and what is known of them."""

    def __init__(self, options, folder, state):
        self.tare = os.path.abspath(options.tare)
        self.programs = options.programs
        self.folder = folder
        self.db = os.path.join(folder, "tare.db")
        self.cpu = max(os.sched_getaffinity(0))
        self.loops = state.setdefault("plain", {})

    def sides(self, program, cell):
        """Two executables of the same name; `copy` keeps the sides of an
        unchanged comparison from being byte-identical."""
        paths = []
        for side, extra in ((0, 0), (1, cell.permille)):
            folder = os.path.join(self.folder, "%d-%d" % (side, extra))
            path = os.path.join(folder, program)
            if not os.path.exists(path):
                os.makedirs(folder, exist_ok=True)
                self._write(program, path, extra, side)
            paths.append(path)
        return paths

    def _write(self, program, path, extra, side):
        with open(os.path.join(self.programs, program), "rb") as f:
            code = f.read()
        old = b"tare-detect extra=0000 copy=0"
        if code.count(old) != 1:
            sys.exit("detect: %s does not hold '%s' once" % (program, old))
        with open(path, "wb") as f:
            f.write(code.replace(
                old, b"tare-detect extra=%04d copy=%d" % (extra, side)))
        shutil.copymode(os.path.join(self.programs, program), path)

    def _time(self, kernel, loops):
        """With the priority that it will have: beside a busy neighbour it would
        seem to take longer, and its tools would get fewer executions."""
        path = os.path.join(self.programs, "plain")
        best = math.inf
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([path, kernel, str(loops)], check=True,
                           start_new_session=True,
                           preexec_fn=lambda: tools.go_first(self.cpu))
            best = min(best, time.perf_counter() - began)
        return best

    def plain(self, kernel):
        """Iterations of an execution, and the seconds that one takes."""
        if kernel not in self.loops:
            setup = self._time(kernel, 0)
            wanted = max(tools.PLAIN_S, tools.SETUP_SHARE * setup)
            loops, taken = 16, 0
            while taken < wanted / 2:
                loops *= 2
                taken = self._time(kernel, loops) - setup
            loops = max(1, round(loops * wanted / taken))
            self.loops[kernel] = (loops, setup + wanted)
        return self.loops[kernel]


# --- the file of results

def load(path, seed):
    """The state (first line) and the comparisons made so far."""
    state = {"seed": seed if seed is not None
             else random.SystemRandom().randrange(1 << 32)}
    done = []
    if os.path.exists(path):
        with open(path) as f:
            lines = [json.loads(line) for line in f if line.endswith("\n")]
        if lines:
            if seed is not None and seed != lines[0]["seed"]:
                sys.exit("detect: %s was made with seed %d; remove it or leave "
                         "--seed out" % (path, lines[0]["seed"]))
            state, done = lines[0], lines[1:]
    return state, done


def plan(table, wanted, seed):
    """All comparisons, in random order: (class, cell name, kernel, number)."""
    jobs = []
    for (kind, name), (_, n) in table.items():
        each = math.ceil(n / len(CLASSES[kind]))
        jobs += [(kind, name, kernel, i)
                 for kernel in CLASSES[kind] for i in range(each)]
    random.Random(seed).shuffle(jobs)
    return [job for job in jobs if wanted(job[1])]


def compare(bench, job, number, table, names, seed):
    """By every tool, a different one first each time."""
    kind, name, kernel, i = job
    cell, _ = table[kind, name]
    turn = number % len(names)
    record = {"class": kind, "cell": name, "kernel": kernel, "number": i,
              "time": round(time.time()), "load": os.getloadavg()[0],
              "tools": {}}
    for tool in names[turn:] + names[:turn]:
        began = time.perf_counter()
        try:
            said = tools.ALL[tool](bench, cell, kernel, seed)
        except (tools.Failed, subprocess.TimeoutExpired) as e:
            said = {"verdict": "failed", "ratio": None, "message": str(e)}
        said["seconds"] = time.perf_counter() - began
        record["tools"][tool] = said
    return record


def measure(options, path, state, done, jobs, table, names):
    end = time.monotonic() + 60 * options.minutes if options.minutes else None
    began, before = time.monotonic(), len(done)
    known = {(d["class"], d["cell"], d["kernel"], d["number"]) for d in done}
    todo = [job for job in jobs if job not in known]
    with tempfile.TemporaryDirectory(prefix="tare-detect-") as folder, \
            open(path, "a") as out:
        bench = Bench(options, folder, state)
        for kernel in CALM + NOISY:
            bench.plain(kernel)
        if not done and out.tell() == 0:
            out.write(json.dumps(state) + "\n")
        for k, job in enumerate(todo):
            if end and time.monotonic() > end:
                break
            record = compare(bench, job, len(done), table, names,
                             state["seed"] + len(done))
            done.append(record)
            out.write(json.dumps(record) + "\n")
            out.flush()
            each = (time.monotonic() - began) / (len(done) - before)
            say("%d of %d comparisons, %.1f s each, %.0f min left" % (
                len(known) + k + 1, len(jobs), each,
                each * (len(todo) - k - 1) / 60))
    say("")


def say(text):
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()


# --- the table

def summary(done, key):
    """Figures per (key of a comparison, cell, tool)."""
    truth = {name: 1 + cell.permille / 1000
             for (_, name), (cell, _) in cells(1).items()}
    groups = collections.OrderedDict()
    for record in done:
        for tool, said in record["tools"].items():
            groups.setdefault((key(record), record["cell"], tool), []).append(
                said)
    figures = []
    for (group, cell, tool), all_said in groups.items():
        valid = [s for s in all_said if s["verdict"] != "failed"]
        found = sum(s["verdict"] == "regressed" for s in valid)
        same = sum(s["verdict"] == "unchanged" for s in valid)
        low, high = rates.clopper_pearson(found, len(valid)) if valid else (0, 1)
        figures.append({
            "group": group, "cell": cell, "tool": tool, "n": len(valid),
            "failed": len(all_said) - len(valid), "regressed": found,
            "rate_low": low, "rate_high": high, "unchanged": same,
            "median_s": rates.median([s["seconds"] for s in valid]),
            "off": rates.median(
                [abs(s["ratio"] / truth[cell] - 1) for s in valid
                 if s["ratio"]]),
            "median_case_s": rates.median(
                [s["case_s"] for s in valid if s.get("case_s")]),
        })
    return figures


def print_table(figures, groups, cell_names, names):
    print("%-8s %-13s %-17s %9s %7s  %-15s %9s %8s %8s %8s" % (
        "class", "truth", "tool", "regressed", "", "95 % interval",
        "same", "off by", "median", "its case"))
    for group in groups:
        for cell in cell_names:
            for tool in names:
                for f in figures:
                    if (f["group"], f["cell"], f["tool"]) == (
                            group, cell, tool) and f["n"]:
                        print_row(f)


def print_row(f):
    own = f["tool"] == "tare"
    print("%-8s %-13s %-17s %9s %5.1f %%  %5.1f to %5.1f %% %9s %6.2f %% %6.1f s %8s%s" % (
        f["group"], f["cell"], f["tool"], "%d/%d" % (f["regressed"], f["n"]),
        100 * f["regressed"] / f["n"], 100 * f["rate_low"],
        100 * f["rate_high"],
        "%d/%d" % (f["unchanged"], f["n"]) if f["tool"].startswith("tare")
        else "-", 100 * f["off"], f["median_s"],
        "%.2f s" % f["median_case_s"] if own and
        math.isfinite(f["median_case_s"]) else "",
        "  (%d failed)" % f["failed"] if f["failed"] else ""))


NOTE = """\
regressed: false alarms where the truth is "same", detections elsewhere.  Of the
peers: significant at 1 % (one-sided) and the point estimate beyond the margin.
same: shown equivalent.  off by: median distance of the ratio from the truth.
median: of the whole command, start and anchors too; its case: what the
comparison alone took.  All tools had the same core, priority and time; Tare
stops when it knows."""


def report(options, state, done, names):
    groups = list(CLASSES)
    cell_names = list(dict.fromkeys(name for _, name in cells(1)))
    figures = summary(done, lambda r: r["class"])
    loads = [r["load"] for r in done]
    print("seed %d, %d comparisons, load %.1f (median, %.1f to %.1f)\n" % (
        state["seed"], len(done), rates.median(loads), min(loads), max(loads)))
    print_table(figures, groups, cell_names, names)
    by_kernel = summary(done, lambda r: r["kernel"])
    if options.kernels:
        print()
        print_table(by_kernel, CALM + NOISY, cell_names, names)
    print("\n" + NOTE)
    if options.json:
        with open(options.json, "w") as f:
            json.dump({"schema": "tare/perf-detect/1", "seed": state["seed"],
                       "plain": state["plain"], "slack": state["slack"],
                       "classes": figures, "kernels": by_kernel}, f, indent=1)
            f.write("\n")


def parse():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--tare", required=True, help="the program tare")
    p.add_argument("--programs", required=True, help="folder of with_tare, ...")
    p.add_argument("--results", default="perf-detect.jsonl",
                   help="file to go on with [%(default)s]")
    p.add_argument("--json", default="perf-detect.json",
                   help="file for the table's figures [%(default)s]")
    p.add_argument("--minutes", type=float,
                   help="stop after so many; the next run goes on")
    p.add_argument("--cells", default="",
                   help="only those whose name holds this: '+1%%', 'same'")
    p.add_argument("--tools", default="",
                   help="comma-separated [%s]" % ",".join(tools.ALL))
    p.add_argument("--slack", type=float, default=1,
                   help="multiplies the time that every tool gets [1]")
    p.add_argument("--seed", type=int, help="[drawn, and kept in the results]")
    p.add_argument("--kernels", action="store_true",
                   help="a second table, kernel by kernel")
    p.add_argument("--show", action="store_true",
                   help="measure nothing: the table of what there is")
    return p.parse_args()


def choose_tools(options):
    names = options.tools.split(",") if options.tools else list(tools.ALL)
    for name in names:
        if name not in tools.ALL:
            sys.exit("detect: no tool '%s'; there are %s" % (
                name, ", ".join(tools.ALL)))
        why = tools.missing(name, options.programs)
        if why:
            print("%s is left out: %s" % (name, why))
    return [n for n in names if not tools.missing(n, options.programs)]


def main():
    options = parse()
    names = choose_tools(options)
    state, done = load(options.results, options.seed)
    if state.setdefault("slack", options.slack) != options.slack:
        sys.exit("detect: %s was made with --slack %g" % (
            options.results, state["slack"]))
    table = cells(options.slack)
    jobs = plan(table, lambda name: options.cells in name, state["seed"])
    if not jobs:
        sys.exit("detect: no cell's name holds '%s'" % options.cells)
    print("seed %d" % state["seed"], flush=True)
    if not options.show:
        try:
            measure(options, options.results, state, done, jobs, table, names)
        except KeyboardInterrupt:
            say("")
            print("interrupted; the next run goes on from here")
    if not done:
        sys.exit("detect: nothing was measured yet")
    report(options, state, done, names)


if __name__ == "__main__":
    main()
