"""Encoders for tests: one that knows a few words in both languages, and the real one where it is installed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.learning import encoder

IS_MISSING = encoder.problem_of_package() == "missing"
needs_encoder = pytest.mark.skipif(IS_MISSING, reason="klatch[encoder] is not installed")

# Words that mean the same, in both languages; any other text is unlike all others.
SENSES = (
    ("battery", "batteries", "电池"),
    ("freight", "shipping", "货代", "运输"),
    ("lawyer", "律师"),
    ("contract", "contracts", "合同"),
    ("video", "视频"),
    ("supplier", "供应商"),
)


class WordEncoder:
    """A vector holds which senses a text says, and a little of its own."""

    name = "words of tests"

    def __init__(self) -> None:
        self.n_encoded = 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n_texts, 64)."""
        self.n_encoded += len(texts)
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> NDArray[np.float32]:
    own = np.random.default_rng(list(text.encode())).normal(scale=0.02, size=64)
    own[: len(SENSES)] += [any(word in text.lower() for word in sense) for sense in SENSES]
    return (own / np.linalg.norm(own)).astype(np.float32)
