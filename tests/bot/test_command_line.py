"""The command line as a person meets it: nothing that only looks leaves a file behind, and help helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import WRONG_SETUP, main

COMMANDS = ("run", "demo", "job", "import", "doctor", "inbox", "telegram", "key", "rotate")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that commands are called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "call",
    [["inbox"], ["doctor"], ["job", "send_digests"], ["job", "--list"], ["rotate"], ["import", "nope.json"], ["key"]],
)
def test_what_only_looks_makes_neither_database_nor_key(
    call: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(call)

    told = "".join(capsys.readouterr())
    assert list(folder.iterdir()) == []
    assert "Traceback" not in told
    assert (status == 0) is (call == ["key"])
    if call[0] not in ("import", "key"):
        assert str(folder / "klatch.db") in told


def test_a_lost_key_is_told_and_no_new_one_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "klatch.db").touch()

    status = main(["inbox"])

    assert status == WRONG_SETUP
    assert f"there is no {folder / 'klatch.key'}" in capsys.readouterr().err
    assert not (folder / "klatch.key").exists()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("klatch 0.")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_how_it_is_called(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])

    assert f"  klatch {command}" in capsys.readouterr().out


def test_help_says_what_to_do_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    told = capsys.readouterr().out
    assert "first steps:" in told
    assert all(f"    {command}" in told for command in COMMANDS)
