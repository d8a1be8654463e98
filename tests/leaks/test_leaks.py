"""The guard itself: whoever leaves something is named, with what; the next one is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.leaks import samples

ROOT = Path(__file__).parents[2]
# What each guilty test is told, in part.
TOLD = {
    "test_a_process": "a process nobody waited for: ",
    "test_a_process_that_has_ended": "a process nobody waited for: ",
    "test_a_process_of_the_event_loop": "a process nobody waited for: ",
    "test_an_orphan": "a process: ",
    "test_an_open_file": "test_samples.py",
    "test_a_socket": "an open descriptor: socket",
    "test_a_socket_in_a_circle": 'garbage: ResourceWarning("unclosed <socket',
    "test_a_transport": "an open descriptor: socket",
    "test_an_event_loop": "eventpoll" if sys.platform == "linux" else "an open descriptor",
    "test_a_task": "a running task: the long sleep (sleep)",
    "test_a_task_of_a_loop_of_its_own": "a running task: the other sleep (sleep)",
    "test_an_unheard_failure": "asyncio says: Task exception was never retrieved",
    "test_an_asynchronous_generator": "async_generator_athrow",
    "test_a_coroutine_in_a_circle": "coroutine 'sleep' was never awaited",
    "test_a_thread": "a thread: the waiting one",
    "test_a_temporary_file": "a file: forgotten-",
    "test_a_file_where_it_works": "a file: forgotten.db",
    "test_a_variable": "a variable of the environment: KLATCH_FORGOTTEN",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the samples were told, by the name of the test; nothing for those that were not."""
    folder = tmp_path_factory.mktemp("leaks")
    # Away from the folder whose conftest.py would have a say.
    copied = shutil.copy(samples.__file__, folder / "test_samples.py")
    command = [sys.executable, "-m", "pytest", copied, "-p", "tests.leaks.plugin", "--leak-patience=0.5"]
    command += ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", f"--junit-xml={folder / 'report.xml'}"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=environment, cwd=folder, check=False, stdout=subprocess.DEVNULL)
    report = ElementTree.parse(folder / "report.xml")
    return {case.get("name", ""): "".join(case.itertext()) for case in report.iter("testcase")}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_left_behind_is_told_to_whoever_left_it(name: str, complaints: dict[str, str]) -> None:
    assert "This test left behind:" in complaints[f"{name}[guilty]"]
    assert TOLD[name] in complaints[f"{name}[guilty]"]


def test_nobody_is_told_of_what_others_left(complaints: dict[str, str]) -> None:
    told = {name for name, complaint in complaints.items() if complaint}

    # A fixture for several tests may keep things until its end, which is the end of the last of them.
    assert told == {f"{name}[guilty]" for name in TOLD} | {"test_the_last_that_shares[innocent]"}


def test_a_fixture_of_several_tests_must_give_back_what_it_held(complaints: dict[str, str]) -> None:
    assert complaints["test_the_last_that_shares[innocent]"].strip().endswith("- a thread: the fixture's")


def test_the_value_of_a_variable_is_not_told(complaints: dict[str, str]) -> None:
    assert "secret" not in complaints["test_a_variable[guilty]"]
