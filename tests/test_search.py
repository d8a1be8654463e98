"""Where chance belongs: `make test` draws the same inputs every time, `make search` others, and keeps what it finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests import search

SAMPLES = "tests/samples_of_search.py"


def test_the_inputs_of_make_test_are_the_same_every_time() -> None:
    assert settings.default is not None
    assert settings.default.derandomize
    assert settings.default.database is None


def test_what_is_found_is_kept_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KLATCH_TEST_FOUND", str(tmp_path))

    # It ends when something is found; a busy machine needs its time to start.
    ended = search.main(["--seconds", "600", "--keyword", "chance", SAMPLES])

    said = capfd.readouterr()
    assert ended == 1
    assert "reproduce_failure" in said.out
    assert "as @example(...) over the test" in said.err
    assert [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_search_ends_when_its_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert search.main(["--seconds", "0.2", "--keyword", "holds", SAMPLES]) == 0
    assert "Nothing found" in capsys.readouterr().out


def test_a_search_for_nothing_says_so() -> None:
    with pytest.raises(SystemExit, match="no test to search with"):
        search.main(["--seconds", "1", "--keyword", "no_such_test", SAMPLES])
