"""The guard against leaks, tried on samples that leave each kind on purpose: each is blamed itself, the next one is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest

from tests.processes import environment

pytest_plugins = ["pytester"]

SAMPLES = {
    "a child process": 'kept.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))',
    "(ended, not waited for)": 'kept.append(subprocess.Popen([sys.executable, "-c", ""])); time.sleep(0.3)',
    "a socket": "kept.append(socket.socket())",
    "an event loop": "kept.append(asyncio.new_event_loop())",
    "an open file": "kept.append(open(__file__))",
    "a running thread": "kept.append(threading.Thread(target=time.sleep, args=(3,))); kept[-1].start()",
}
# What the samples need, and a guard of less patience than ours.
AROUND = """
import asyncio, socket, subprocess, sys, threading, time
import pytest
from tests import leaks

kept = []
"""
CONFTEST = """
from tests import leaks
from tests.leaks import pytest_fixture_setup, pytest_runtest_makereport, pytest_runtest_setup, pytest_runtest_teardown

leaks.left_behind.__kwdefaults__["grace"] = 0.3
"""


@pytest.fixture
def sampled(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder of its own whose tests run in a process of their own, with the guard."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    pytester.makeconftest(CONFTEST)
    return pytester


def _run(pytester: pytest.Pytester, body: str) -> pytest.RunResult:
    pytester.makepyfile(AROUND + body)
    return pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def told_of_samples(tmp_path_factory: pytest.TempPathFactory) -> list[Element]:
    """What one run said of all samples, each in a file of its own: a process takes longer to start than all of them."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "conftest.py").write_text(CONFTEST)
    for number, line in enumerate(SAMPLES.values()):
        body = f"def test_before(): pass\n\ndef test_that_leaves():\n    {line}\n\ndef test_innocent(): pass\n"
        (folder / f"test_sample_{number}.py").write_text(AROUND + body)
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "--junit-xml", "told.xml"]
    subprocess.run([sys.executable, "-m", "pytest", *options], cwd=folder, env=environment(), stdout=subprocess.DEVNULL)
    return list(parse(folder / "told.xml").iter("testcase"))


@pytest.mark.parametrize("what", SAMPLES)
def test_whoever_leaves_it_is_blamed_and_nobody_else(told_of_samples: list[Element], what: str) -> None:
    sample = f"test_sample_{list(SAMPLES).index(what)}"

    told = [(one.get("name"), *(child.text or "" for child in one)) for one in told_of_samples]

    files = [one.get("classname") for one in told_of_samples]
    before, leaves, innocent = (one for file, one in zip(files, told, strict=True) if file == sample)
    assert (before, innocent) == (("test_before",), ("test_innocent",))
    name, blame = leaves
    assert name == "test_that_leaves"
    assert "This test left behind" in blame
    assert what in blame


def test_a_fixture_of_the_test_is_the_tests(sampled: pytest.Pytester) -> None:
    body = "@pytest.fixture\ndef left():\n    kept.append(socket.socket())\n\ndef test_that_leaves(left): pass\n"

    _run(sampled, body).assert_outcomes(passed=1, errors=1)


def test_what_is_given_back_or_shared_is_nobodys_leak(sampled: pytest.Pytester) -> None:
    body = """
@pytest.fixture(scope="module")
def server():
    with socket.socket() as one:
        yield one

@pytest.fixture
def mine():
    with socket.socket() as one:
        yield one

def test_shares(server): pass

def test_shares_again(server, mine):
    asyncio.run(asyncio.sleep(0))
    subprocess.run([sys.executable, "-c", ""])

def test_waits_for_what_is_ending():
    threading.Thread(target=time.sleep, args=(0.1,)).start()
"""

    _run(sampled, body).assert_outcomes(passed=3)


def test_a_test_that_failed_is_told_its_failure_alone(sampled: pytest.Pytester) -> None:
    _run(sampled, "def test_fails():\n    one = socket.socket()\n    assert one is None\n").assert_outcomes(failed=1)


def test_a_closed_file_whose_last_cursor_is_garbage_is_nobodys_leak(sampled: pytest.Pytester) -> None:
    body = """
import sqlite3

def test_that_leaves_a_circle(tmp_path):
    connection = sqlite3.connect(tmp_path / "it.db")
    circle = [connection.execute("SELECT 1 UNION SELECT 2")]
    circle[0].fetchone()
    circle.append(circle)
    connection.close()

def test_innocent(): pass
"""

    _run(sampled, body).assert_outcomes(passed=2)
