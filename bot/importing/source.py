"""The bytes of an export, plain, gzip or xz, a slice at a time, made valid JSON where Telegram Desktop's is not."""

from __future__ import annotations

import gzip
import lzma
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

_GZIP, _XZ, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\xfd7zXZ\x00", b"\xef\xbb\xbf"
# Telegram Desktop writes control characters as \x0B, which JSON does not know.
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
# The first slice is at least this long, so that something is left of it without the mark.
_HEAD_BYTES = 16
# The longest escape that may need mending is \x0B: a slice that ends within one is read on.
_ESCAPE_BYTES = 4


class Readable(Protocol):
    """What gzip, xz and plain files have in common."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


class Source:
    """A file-like for the JSON parser that knows how far it has read.

    `position` counts bytes of the JSON as it stands in the (unpacked) file, `n_file_bytes` those of the file on disk.
    """

    def __init__(self, content: Readable, raw: IO[bytes]) -> None:
        self._content, self._raw = content, raw
        self.position = 0

    def read(self, size: int) -> bytes:
        """The next bytes, a few more than asked at the start and where an escape would be cut; empty at the end.

        Raises OSError, EOFError, lzma.LZMAError or zlib.error when the packed file is damaged.
        """
        if size == 0:  # the parser asks whether these are bytes or text
            return b""
        is_first = self.position == 0
        piece = self._take(max(size, _HEAD_BYTES) if is_first else size)
        while b"\\" in piece[1 - _ESCAPE_BYTES :] and (more := self._take(_ESCAPE_BYTES)):
            piece += more
        if is_first and piece.startswith(_BYTE_ORDER_MARK):
            piece = piece[len(_BYTE_ORDER_MARK) :]
        return _ESCAPE.sub(_mend, piece) if b"\\x" in piece else piece

    def _take(self, size: int) -> bytes:
        piece = self._content.read(size)
        self.position += len(piece)
        return piece

    @property
    def n_file_bytes(self) -> int:
        """How much of the file on disk was read: for a progress bar."""
        return self._raw.tell()


def _mend(escape: re.Match[bytes]) -> bytes:
    return b"\\u00" + escape[1] if escape[1] else escape[0]


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open an export; how it is packed is seen from its first bytes, not from its name. Raises OSError."""
    with path.open("rb") as raw:
        head = raw.read(len(_XZ))
        raw.seek(0)
        if head.startswith(_GZIP):
            with gzip.open(raw) as content:
                yield Source(content, raw)
        elif head.startswith(_XZ):
            with lzma.open(raw) as content:
                yield Source(content, raw)
        else:
            yield Source(raw, raw)
