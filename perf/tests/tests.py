# SPDX-License-Identifier: GPL-3.0-or-later
"""Running tests: Tare beside pytest-xdist, CTest, Check and Criterion.

Everything is measured several times in turns; shown are the median and the best
of the rounds.  Peers that are not installed are left out and named."""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

EMPTY = 2000
CTEST = 300
CRITERION = 400


def run(args, argv, env=None, cwd=None, status=(0,)):
    """Seconds that a command takes."""
    whole = dict(os.environ, **(env or {}))
    begin = time.monotonic()
    done = subprocess.run(argv, env=whole, cwd=cwd or args.scratch,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL)
    took = time.monotonic() - begin
    if done.returncode not in status:
        sys.exit("%s ended with %d:\n%s" % (" ".join(argv), done.returncode,
                                            done.stdout.decode()[-2000:]))
    return took


def tare(args, *options, env=None):
    return run(args, [args.tare, "test", "--progress", "none", "-q",
                      "--oversubscribe", *options, args.few], env)


# ---- empty tests

def write_pytest(args):
    with open(os.path.join(args.scratch, "test_empty.py"), "w") as out:
        out.write("import pytest\n\n"
                  "@pytest.mark.parametrize('n', range(%d))\n"
                  "def test_empty(n):\n    pass\n" % EMPTY)


def write_ctest(args):
    folder = os.path.join(args.scratch, "ctest")
    os.mkdir(folder)
    with open(os.path.join(folder, "CTestTestfile.cmake"), "w") as out:
        for i in range(CTEST):
            out.write('add_test(empty%d "%s")\n' % (i, shutil.which("true")))
    return folder


def build(args, name, library):
    """A peer's program, or None where it cannot be built."""
    out = os.path.join(args.scratch, name)
    done = subprocess.run(
        [*args.cc.split(), "-O2", "-o", out,
         os.path.join(os.path.dirname(__file__), name + ".c"), *library],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out if done.returncode == 0 else None


def python_with_xdist():
    """Another Python than this one may have it."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run(
                [python, "-c", "import pytest, xdist"],
                stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def peers(args):
    """(name, tests, isolated, command) of those that are installed."""
    found, missing = [], []
    python = python_with_xdist()
    if python:
        write_pytest(args)
        for n in (1, 2):
            found.append(("pytest-xdist -n %d" % n, EMPTY, False,
                          [python, "-m", "pytest", "-q", "-n", str(n),
                           "-p", "no:cacheprovider", "test_empty.py"]))
    else:
        missing.append("pytest-xdist")
    if shutil.which("ctest"):
        folder = write_ctest(args)
        for n in (1, 2):
            found.append(("ctest -j %d" % n, CTEST, True,
                          ["ctest", "--test-dir", folder, "-Q", "-j", str(n)]))
    else:
        missing.append("ctest")
    program = build(args, "with_check",
                    ["-lcheck", "-lsubunit", "-lm", "-lrt", "-lpthread"])
    if program:
        found.append(("Check, forking", EMPTY, True, [program, str(EMPTY)]))
    else:
        missing.append("Check")
    program = build(args, "with_criterion", ["-lcriterion"])
    if program:
        for n in (1, 2):
            found.append(("Criterion -j%d" % n, CRITERION, True,
                          [program, "-j%d" % n, "--quiet"]))
    else:
        missing.append("Criterion")
    return found, missing


def empties(args):
    found, missing = peers(args)
    rows = []
    for n in (1, 2):
        for how in ("process", "worker"):
            rows.append(("tare -n %d%s" % (n, "" if how == "process" else
                                           ", in the worker"),
                         10000, how == "process",
                         [args.tare, "test", "--progress", "none", "-q", "-m",
                          "empty", "--oversubscribe", "-n", str(n),
                          "--isolation", how, args.suite]))
    rows += found
    took = [[] for _ in rows]
    for _ in range(args.rounds):
        for i, (_, _, _, argv) in enumerate(rows):
            took[i].append(run(args, argv))
    print("empty tests, whole command, %d rounds" % args.rounds)
    print("  %-28s %10s %12s %12s" % ("", "a process", "tests/s", "best"))
    for (name, tests, isolated, _), all_took in zip(rows, took):
        print("  %-28s %10s %12.0f %12.0f"
              % (name, "each" if isolated else "shared",
                 tests / statistics.median(all_took), tests / min(all_took)))
    for name in missing:
        print("  %-28s not installed, left out" % name)


# ---- computing tests

def calibrate(args):
    """Iterations of about 50 ms."""
    work, cpus = 1000000, sorted(os.sched_getaffinity(0))
    took = min(run(args, [args.few, "bare", str(cpus[0]), "20"],
                   {"PERF_WORK": str(work)}) for _ in range(3))
    return {"PERF_WORK": str(int(work * 20 * 0.05 / took))}


def bare(args, env):
    cpus = sorted(os.sched_getaffinity(0))[:2]
    begin = time.monotonic()
    both = [subprocess.Popen([args.few, "bare", str(cpu),
                              str(40 // len(cpus))],
                             env=dict(os.environ, **env)) for cpu in cpus]
    for one in both:
        one.wait()
    return time.monotonic() - begin


def computing(args):
    env = calibrate(args)
    store = os.path.join(args.scratch, "compute.db")
    plain, ours = [], []
    for _ in range(args.rounds):
        plain.append(bare(args, env))
        ours.append(tare(args, "-m", "compute", "-n", "2", "--db", store,
                         env=env))
    ratios = [p / o for p, o in zip(plain, ours)]
    print("40 tests of 50 ms on 2 workers: %.3f s, two bare processes %.3f s; "
          "efficiency %.3f, best %.3f (median and best of %d)"
          % (statistics.median(ours), statistics.median(plain),
             statistics.median(ratios), min(plain) / min(ours), args.rounds))


# ---- one long test

def one_long(args):
    for place in (0, 50, 100):
        store = os.path.join(args.scratch, "long%d.db" % place)
        env = {"PERF_LONG": str(place)}
        took = [tare(args, "-m", "rest", "-n", "2", "--db", store, env=env)
                for _ in range(3)]
        print("one of 2 s, at place %3d of 101, 100 of 20 ms, 2 workers: first "
              "run %.3f s, then %s" % (place, took[0],
                                       " ".join("%.3f s" % x
                                                for x in took[1:])))


# ---- many tests

def many(args):
    first, memory = [], []
    note = os.path.join(args.scratch, "first")
    for _ in range(args.rounds):
        if os.path.exists(note):
            os.unlink(note)
        argv = [args.tare, "test", "--progress", "none", "-q", "-m", "empty",
                args.suite]
        begin = time.clock_gettime(time.CLOCK_MONOTONIC)
        pid = os.posix_spawn(args.tare, argv,
                             dict(os.environ, PERF_FIRST=note),
                             file_actions=[(os.POSIX_SPAWN_OPEN, 1,
                                            os.devnull, os.O_WRONLY, 0)])
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit("10000 tests ended with %d" % status)
        with open(note) as read:
            first.append(float(read.read()) - begin)
        memory.append(usage.ru_maxrss / 1024)
    print("10000 tests: the first began after %.1f ms (best %.1f), the "
          "coordinator's peak was %.1f MiB (median of %d)"
          % (statistics.median(first) * 1e3, min(first) * 1e3,
             statistics.median(memory), args.rounds))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tare", required=True)
    parser.add_argument("--suite", required=True, help="with 10000 empty tests")
    parser.add_argument("--few", required=True, help="without")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("part", nargs="*",
                        help="of: empty compute long many; default: all")
    args = parser.parse_args()
    args.tare, args.suite, args.few = map(
        os.path.abspath, (args.tare, args.suite, args.few))
    parts = {"empty": empties, "compute": computing, "long": one_long,
             "many": many}
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as args.scratch:
        os.chdir(args.scratch)
        for name in args.part or parts:
            parts[name](args)


if __name__ == "__main__":
    main()
