# SPDX-License-Identifier: GPL-3.0-or-later
"""What pytest-*.json were recorded from."""
import os

import pytest


def test_good():
    pass


def test_bad():
    x = 3
    assert x == 4, "note <&>"


@pytest.mark.skip(reason="no network")
def test_skipped():
    pass


@pytest.mark.xfail(reason="bug 7")
def test_known():
    assert 0


@pytest.mark.xfail(reason="bug 8")
def test_mended():
    pass


@pytest.mark.xfail(reason="bug 9", strict=True)
def test_strict():
    pass


@pytest.mark.slow
@pytest.mark.parametrize("a,b", [(1, "x y"), (2, "\u00e9[/]::"), (3, "a\nb")])
def test_param(a, b):
    assert a < 3


@pytest.fixture(scope="session")
def broken():
    raise RuntimeError("no database")


def test_setup(broken):
    pass


@pytest.fixture
def messy():
    yield
    raise RuntimeError("cannot remove")


class TestForm:
    def test_teardown(self, messy):
        print("printed")

    def test_crash(self):
        os.abort()
