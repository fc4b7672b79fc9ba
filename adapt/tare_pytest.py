# SPDX-License-Identifier: GPL-3.0-or-later
"""Loaded into pytest by Tare (-p tare_pytest): which tests there are, or what
became of those that ran, as one JSON document.

    {"tare-pytest": 1, "status": 0,
     "tests": [{"name", "node", "file", "line", "marks": [...]}, ...],
     "errors": [{"node", "text"}, ...],
     "phases": [{"when", "outcome", "file", "line", "text", "xfail"}, ...]}

"node" is what to run pytest with; "name" is the same from --tare-base on.
adapt/foreign_pytest.c reads it.  Any pytest from 3.9 on."""
import json
import os
import sys

import pytest

# Marks that tell pytest what to do rather than what a test is.
NO_TAGS = {"parametrize", "usefixtures", "skip", "skipif", "xfail",
           "filterwarnings"}

# What is tested shall not see how this file was found.
_here = os.path.dirname(os.path.abspath(__file__))
_path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
os.environ["PYTHONPATH"] = os.pathsep.join(p for p in _path if p != _here)
if not os.environ["PYTHONPATH"]:
    del os.environ["PYTHONPATH"]
sys.path[:] = [p for p in sys.path if p != _here]


def plain(text):
    """Text that is JSON's and C's: no NUL, no half of a surrogate pair."""
    text = str(text).replace("\0", "?")
    return text.encode("utf-8", "replace").decode("utf-8")


def from_here(path):
    short = os.path.relpath(path)
    return path if short.startswith("..") else short


def last_line(text):
    lines = [x.strip() for x in plain(text).splitlines() if x.strip()]
    errors = [x[1:].strip() for x in lines if x.startswith("E ")]
    return (errors or lines or [""])[-1]


def explain(report):
    """(file, line, text) of a phase that did not pass."""
    what = report.longrepr
    crash = getattr(what, "reprcrash", None)
    if isinstance(what, tuple) and len(what) == 3:
        text = plain(what[2])
        head = "Skipped: "
        return what[0], what[1], text[len(head):] if text.startswith(head) else text
    if crash is not None:
        return crash.path, crash.lineno, plain(crash.message)
    return "", 0, last_line(what) if what else ""


class Writer:
    def __init__(self, path, base):
        self.path, self.base = path, base
        self.said = {"tare-pytest": 1, "status": 0, "tests": [],
                     "errors": [], "phases": []}

    def add_test(self, item):
        path = str(getattr(item, "path", None) or item.fspath)
        rest = item.nodeid.split("::", 1)[1:]
        name = from_here(path)
        if self.base:
            name = os.path.relpath(os.path.realpath(path),
                                   os.path.realpath(self.base))
            name = from_here(path) if name.startswith("..") else name
        names = ([] if name == "." else [name]) + rest
        marks = sorted({m.name for m in item.iter_markers()} - NO_TAGS)
        line = item.location[1]
        self.said["tests"].append({
            "name": plain("::".join(names)),
            "node": plain("::".join([from_here(path)] + rest)),
            "file": plain(from_here(path)),
            "line": line + 1 if line is not None else 0,
            "marks": [plain(m) for m in marks]})

    def pytest_collection_finish(self, session):
        if session.config.option.collectonly:
            for item in session.items:
                self.add_test(item)

    def pytest_collectreport(self, report):
        if report.failed:
            self.said["errors"].append({"node": plain(report.nodeid),
                                        "text": last_line(report.longrepr)})

    def pytest_runtest_logreport(self, report):
        file, line, text = explain(report)
        xfail = getattr(report, "wasxfail", None)
        self.said["phases"].append({
            "when": report.when, "outcome": report.outcome,
            "file": plain(from_here(str(file)) if file else ""),
            "line": line or 0, "text": text,
            "xfail": None if xfail is None else plain(xfail)})

    def pytest_sessionfinish(self, session, exitstatus):
        self.said["status"] = int(exitstatus)
        with open(self.path, "w", encoding="utf-8") as out:
            json.dump(self.said, out)


def pytest_addoption(parser):
    group = parser.getgroup("tare")
    group.addoption("--tare-report", metavar="FILE", help="for Tare itself")
    group.addoption("--tare-base", metavar="PATH", help="for Tare itself")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Tare has the workers: no others beneath them."""
    option = config.option
    if hasattr(option, "numprocesses"):
        option.numprocesses = None
        option.dist = "no"
        option.tx = []


def pytest_configure(config):
    path = config.getoption("--tare-report")
    if path:
        config.pluginmanager.register(
            Writer(path, config.getoption("--tare-base")), "tare-writer")
