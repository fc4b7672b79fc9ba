#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring a command of one millisecond: Tare beside hyperfine -N.

Both execute the same program on the same core, in turns, each turn in a random
order.  Per tool: the mean and the spread of single executions, and what an
execution costs beside its own time: the slope of the tool's shortest wall times
over the number of executions, less their median.  Then a suite of 1 000 commands: how long
until the first of them runs.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SUITE = """tare: 1
commands:
  - {{name: spin, run: [{spin}, '{rounds}'], stdout: discard}}
measure: {{sample_time: 10us, invocations: {invocations}, samples: {samples},
          warmup: 0, budget: 1h}}
"""
FEW, MANY, PER_INVOCATION = 100, 600, 50


def run(words, **more):
    began = time.monotonic()
    done = subprocess.run(words, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **more)
    if done.returncode:
        sys.exit(f"{words}: status {done.returncode}: "
                 f"{done.stderr.decode(errors='replace')}")
    return time.monotonic() - began, done.stdout


def at_core(cpu):
    """What Tare arranges for its commands, for the peer."""
    def arrange():
        os.sched_setaffinity(0, [cpu])
        try:
            os.nice(-20)
        except PermissionError:
            pass
    return arrange


def hyperfine(spin, rounds, runs, cpu, folder):
    out = os.path.join(folder, "hyperfine.json")
    wall, _ = run(["hyperfine", "-N", "--warmup", "0", "--runs", str(runs),
                   "--style", "none", "--export-json", out,
                   f"{spin} {rounds}"], preexec_fn=at_core(cpu))
    with open(out, encoding="utf-8") as f:
        times = json.load(f)["results"][0]["times"]
    return wall, [1e3 * t for t in times]


def tare(tool, spin, rounds, runs, folder):
    suite = os.path.join(folder, "tare.yaml")
    with open(suite, "w", encoding="utf-8") as f:
        f.write(SUITE.format(spin=spin, rounds=rounds, samples=PER_INVOCATION,
                             invocations=runs // PER_INVOCATION))
    wall, text = run([tool, "run", "-f", suite, "--format", "json",
                      "--progress", "none"], cwd=folder)
    report = json.loads(text)
    time_ns = report["cases"][0]["metrics"]["time"]["invocations"]
    return wall, [1e-6 * x for process in time_ns for x in process], report


def rounds_for(spin, wanted_ms):
    """How many rounds take about so long."""
    n = 200000
    took = min(run([spin, str(n)])[0] for _ in range(20))
    idle = min(run([spin, "0"])[0] for _ in range(20))
    return int(n * wanted_ms / max(1e-3, 1e3 * (took - idle)))


def spread(times):
    """Robust: 1.4826 times the median distance from the median, relative."""
    middle = statistics.median(times)
    return 1.4826 * statistics.median(abs(t - middle) for t in times) / middle


class Figures:
    """All turns of one tool."""

    def __init__(self):
        self.times, self.few, self.many = [], [], []

    def add(self, runs, wall, times):
        self.times += times
        (self.few if runs == FEW else self.many).append(wall)

    def beside_ms(self):
        """Per execution, beside its own time."""
        slope = (min(self.many) - min(self.few)) / (MANY - FEW)
        return 1e3 * slope - statistics.median(self.times)


def compare(options, folder):
    spin, rounds = options.spin, rounds_for(options.spin, 0.5)
    cpu = int(tare(options.tare, spin, 0, PER_INVOCATION, folder)[2]
              ["plan"]["cpus"].split(",")[0].split("-")[0])
    figures = {"tare": Figures(), "hyperfine -N": Figures()}
    for _ in range(options.turns):
        for runs in (FEW, MANY):
            turn = list(figures)
            random.shuffle(turn)
            for name in turn:
                if name == "tare":
                    wall, times, _ = tare(options.tare, spin, rounds, runs,
                                          folder)
                else:
                    wall, times = hyperfine(spin, rounds, runs, cpu, folder)
                figures[name].add(runs, wall, times)
    return figures


def show(figures):
    mine, peer = figures["tare"], figures["hyperfine -N"]
    print(f"{'':14}{'median':>10}{'mean':>10}{'spread':>9}{'beside':>10}"
          "   per execution")
    for name, f in figures.items():
        print(f"{name:14}{statistics.median(f.times):7.3f} ms"
              f"{statistics.mean(f.times):7.3f} ms"
              f"{100 * spread(f.times):7.2f} %{f.beside_ms():7.3f} ms")
    print(f"{'ratio':14}"
          f"{statistics.median(mine.times) / statistics.median(peer.times):10.3f}"
          f"{statistics.mean(mine.times) / statistics.mean(peer.times):10.3f}"
          f"{spread(mine.times) / spread(peer.times):9.2f}"
          f"{mine.beside_ms() / peer.beside_ms():10.2f}")


def first_of_many(options, folder, n=1000):
    """Seconds until the first of n commands runs, as benchmarks and tests."""
    out = {}
    stamp = os.path.join(folder, "stamp")
    for kind, words in (("benchmark", ["run", "--budget", "10ms", "-k", "c0"]),
                        ("test", ["test"])):
        with open(os.path.join(folder, "tare.yaml"), "w",
                  encoding="utf-8") as f:
            f.write("tare: 1\ncommands:\n")
            for i in range(n):
                f.write(f"  - {{name: c{i}, kind: {kind}, "
                        f"run: [touch, {stamp}]}}\n")
        if os.path.exists(stamp):
            os.unlink(stamp)
        began = time.time()
        with subprocess.Popen([options.tare, *words, "--progress", "none"],
                              cwd=folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            while not os.path.exists(stamp) and child.poll() is None:
                time.sleep(0.002)
            out[kind] = time.time() - began
            child.wait()
            out[kind + "s, all"] = time.time() - began
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tare", default="./tare")
    parser.add_argument("--spin", default="perf/commands/spin")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    options.tare = os.path.abspath(options.tare)
    options.spin = os.path.abspath(options.spin)
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("hyperfine"):
            show(compare(options, folder))
        else:
            print("hyperfine is not installed: left out")
        for what, seconds in first_of_many(options, folder).items():
            print(f"1000 commands, first {what}: {seconds:.3f} s"
                  if "all" not in what else
                  f"1000 commands, {what}: {seconds:.3f} s")


if __name__ == "__main__":
    main()
