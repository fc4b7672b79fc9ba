# SPDX-License-Identifier: GPL-3.0-or-later
"""One comparison of two executables by each tool.

A tool is a function (bench, cell, kernel, seed) -> dict with at least
    verdict  "regressed", "unchanged" or "undecided"
    ratio    new/old, or None
and uses about cell.seconds of the machine.  What a tool without verdicts says
is judged the way its users judge: significant at 1 %, one-sided, and a point
estimate beyond the margin.  All of them run on the same core and with the same
priority as Tare's measured programs, which is more than their users get.
"""

import json
import os
import re
import shutil
import subprocess

import rates

ALPHA = 0.01
PLAIN_S = 0.02  # an execution of the plain program takes this at least
SETUP_SHARE = 4  # and this many times its set-up
TIME_LIMIT_S = 300


class Failed(Exception):
    pass


def _run(argv, status=(0,)):
    done = subprocess.run(argv, capture_output=True, text=True,
                          timeout=TIME_LIMIT_S, start_new_session=True)
    if done.returncode not in status:
        raise Failed("%s: status %d: %s" % (
            argv[0], done.returncode, done.stderr.strip()[-300:]))
    return done


def go_first(cpu):
    """As Tare's measured programs run: first in their session, and their
    session before others (sched(7), "The autogroup feature")."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -20)
        with open("/proc/self/autogroup", "w") as group:
            group.write("-20")
    except OSError:
        pass  # not permitted: as Tare's, it goes on as it is
    os.sched_setaffinity(0, {cpu})


def _run_peer(bench, argv):
    done = subprocess.run(argv, capture_output=True, text=True,
                          timeout=TIME_LIMIT_S, start_new_session=True,
                          preexec_fn=lambda: go_first(bench.cpu))
    if done.returncode != 0:
        raise Failed("%s: status %d: %s" % (
            argv[0], done.returncode, done.stderr.strip()[-300:]))
    return done


def _judge(p, ratio, cell):
    found = p <= ALPHA and ratio > 1 + cell.margin
    return {"verdict": "regressed" if found else "undecided",
            "ratio": ratio, "p": p}


# --- Tare

def _tare(bench, *words, status=(0, 1, 4, 5)):
    done = _run([bench.tare, *words, "--progress", "none", "--format", "json",
                 "--db", bench.db, "-q"], status)
    return json.loads(done.stdout)


def _tare_case(document):
    case = document["cases"][0]
    verdict = case["verdict"]
    if verdict not in ("regressed", "unchanged"):
        verdict = "undecided"
    return {"verdict": verdict, "said": case["verdict"],
            "reason": case["reason"], "ratio": case["ratio"],
            "case_s": case["wall_s"], "pairs": case["pairs"]}


def _percent(margin):
    return "%g%%" % (100 * margin)


def tare(bench, cell, kernel, seed):
    """Old and new interleaved; it may use half of the time to explore and half
    to convict, and stops when it knows."""
    old, new = bench.sides("with_tare", cell)
    return _tare_case(_tare(
        bench, "compare", old, new, "-k", "*/" + kernel, "--margin",
        _percent(cell.margin), "--alpha", _percent(ALPHA), "--seed", str(seed),
        "--budget", "%gs" % (cell.seconds / 2)))


def tare_stored(bench, cell, kernel, seed):
    """Two runs one after the other, compared as stored numbers."""
    run = []
    for side in bench.sides("with_tare", cell):
        document = _tare(bench, "run", side, "-k", "*/" + kernel, "--seed",
                         str(seed), "--budget", "%gs" % (cell.seconds / 2))
        run.append("run:%d" % document["run"])
    return _tare_case(_tare(bench, "compare", *run, "--margin",
                            _percent(cell.margin), "--alpha", _percent(ALPHA)))


# --- Google Benchmark

REPETITIONS = 20


def gbench(bench, cell, kernel, seed):
    """--benchmark_repetitions of old, then of new; Mann-Whitney over the
    repetitions, as its compare.py does; ratio of the medians."""
    each = cell.seconds / 2 / REPETITIONS
    times = []
    for side in bench.sides("with_gbench", cell):
        done = _run_peer(bench, [
            side, "--benchmark_filter=^%s$" % kernel,
            "--benchmark_repetitions=%d" % REPETITIONS,
            # The search for the number of iterations comes on top.
            "--benchmark_min_time=%g" % (0.8 * each),
            "--benchmark_format=json"])
        times.append([b["cpu_time"] for b in json.loads(done.stdout)[
            "benchmarks"] if b.get("run_type") == "iteration"])
    ratio = rates.median(times[1]) / rates.median(times[0])
    return _judge(rates.mann_whitney_slower(*times), ratio, cell)


# --- tools that time whole executions

def _plain(bench, cell, kernel):
    """Both commands, and how many executions of each fit."""
    loops, execution_s = bench.plain(kernel)
    commands = [[side, kernel, str(loops)]
                for side in bench.sides("plain", cell)]
    return commands, max(5, int(cell.seconds / 2 / execution_s))


def hyperfine(bench, cell, kernel, seed):
    """Two executables, no shell; Welch's test of the exported times."""
    commands, runs = _plain(bench, cell, kernel)
    out = os.path.join(bench.folder, "hyperfine.json")
    _run_peer(bench, ["hyperfine", "-N", "--style", "none", "--warmup", "1",
                      "--runs", str(runs), "--export-json", out,
                      *(" ".join(c) for c in commands)])
    with open(out) as f:
        results = json.load(f)["results"]
    (m0, v0), (m1, v1) = (rates.mean_variance(r["times"]) for r in results)
    n0, n1 = (len(r["times"]) for r in results)
    return _judge(rates.welch_slower(m0, v0, n0, m1, v1, n1), m1 / m0, cell)


def perf_stat(bench, cell, kernel, seed):
    """perf stat -r of old, then of new: mean CPU time of whole executions with
    its standard error, compared by Welch's test."""
    commands, runs = _plain(bench, cell, kernel)
    found = []
    for command in commands:
        done = _run_peer(bench, ["perf", "stat", "-r", str(runs), "-x", ";",
                                 "-e", "task-clock", *command])
        line = re.search(r"^([\d.]+);[^;]*;task-clock[^;]*;([\d.]+)%",
                         done.stderr, re.M)
        if not line:
            raise Failed("perf stat says '%s'" % done.stderr.strip()[-200:])
        mean = float(line[1])
        found.append((mean, (mean * float(line[2]) / 100) ** 2 * runs, runs))
    p = rates.welch_slower(*found[0], *found[1])
    return _judge(p, found[1][0] / found[0][0], cell)


ALL = {
    "tare": tare,
    "hyperfine": hyperfine,
    "google-benchmark": gbench,
    "perf-stat": perf_stat,
    "tare-stored": tare_stored,
}


def missing(name, programs):
    """Why a tool cannot take part, or None."""
    if name == "google-benchmark" and not os.path.exists(
            os.path.join(programs, "with_gbench")):
        return "its library is not installed"
    if name == "hyperfine" and not shutil.which("hyperfine"):
        return "it is not installed"
    if name == "perf-stat":
        if not shutil.which("perf"):
            return "perf is not installed"
        if subprocess.run(["perf", "stat", "-e", "task-clock", "true"],
                          capture_output=True).returncode:
            return "perf may not count here"
    return None
