"""Which file is meant: people name the folder that Telegram Desktop made, a zip of it, or the file itself."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.importing.recognising import HOW_TO_EXPORT, NotAnExport, check_beginning, check_names
from bot.importing.source import Source, open_source

# What Telegram Desktop calls it; how it may be packed.
RESULT = ("result.json", "result.json.gz", "result.json.xz", "result.json.bz2", "result.json.zip")
JSON = (".json", ".json.gz", ".json.xz", ".json.bz2", ".json.zip")
# As much is looked at to tell what a file is.
HEAD_BYTES = 4096
# More exports than this in one folder are counted, not named.
MOST_NAMED = 5
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Export:
    """A file that begins like an export; `member` is its name within the archive `path`."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """As it is told to a person."""
        return f"{self.path.name}: {self.member}" if self.member else str(self.path)

    @contextmanager
    def open(self) -> Iterator[Source]:
        """Its bytes as valid JSON, from the beginning; may be opened several times. Raises OSError."""
        with open_source(self.path, self.member) as source:
            yield source


def find_export(path: Path) -> Export:
    """The export that a person means. Raises NotAnExport (a sentence says what it is instead), OSError."""
    path = path.expanduser()
    if path.is_dir():
        return find_export(path / _choose(_files_of(path), path.name or str(path)))
    export = Export(path, _member(path))
    try:
        with export.open() as source:
            head = source.read(HEAD_BYTES)
    except RuntimeError as error:
        # zipfile's way to say that a password is needed.
        raise NotAnExport(f"{path.name} is locked with a password; unpack it, and import the folder.") from error
    except _DAMAGED as error:
        raise _damage(path) from error
    check_beginning(head, Path(export.member or path).name)
    return export


def _member(path: Path) -> str | None:
    """The file within an archive; None for any other file."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        _check_is_no_broken_zip(path)
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one.filename for one in archive.infolist() if not one.is_dir()]
    except _DAMAGED as error:
        raise _damage(path) from error
    return _choose([name for name in names if not name.startswith("__MACOSX/")], path.name)


def _check_is_no_broken_zip(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            raise _damage(path)


def _damage(path: Path) -> NotAnExport:
    return NotAnExport(
        f"{path.name} is a zip archive that breaks off or is damaged. Copy it again, or unpack it and import the folder."
    )


def _files_of(folder: Path) -> list[str]:
    """Files in the folder and in the folders in it, as paths from there; not deeper, which may be a whole disk."""
    paths = []
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_file():
            paths.append(entry.name)
        elif entry.is_dir() and not entry.name.startswith("."):
            paths += [f"{entry.name}/{inner.name}" for inner in _entries(entry.path) if inner.is_file()]
    return paths


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:  # somebody else's folder is not what is looked for
        return []


def _choose(names: Collection[str], where: str) -> str:
    """The one that is the export: result.json, the topmost; else what tells its kind; else the only JSON file."""
    results = _topmost([name for name in names if PurePosixPath(name).name.lower() in RESULT])
    if len(results) == 1:
        return results[0]
    if results:
        raise _several(results, where)
    check_names(names, where)
    files = _topmost([name for name in names if name.lower().endswith(JSON)])
    if len(files) == 1:
        return files[0]
    archives = _topmost([name for name in names if name.lower().endswith(".zip")])
    if len(archives) == 1 and not files:
        return archives[0]
    raise NotAnExport(f"There is no result.json in {where}. {HOW_TO_EXPORT}.")


def _topmost(names: Collection[str]) -> list[str]:
    depth = min((name.count("/") for name in names), default=0)
    return [name for name in names if name.count("/") == depth]


def _several(results: Collection[str], where: str) -> NotAnExport:
    names_list = ", ".join(
        str(PurePosixPath(name).parent if "/" in name else name) for name in sorted(results)[-MOST_NAMED:]
    )
    return NotAnExport(f"There are {len(results)} exports in {where}. Import one at a time; in it are {names_list}.")
