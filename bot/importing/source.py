"""The bytes of an export, plain or packed, a slice at a time, made valid JSON in UTF-8 where they are not."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

_BYTE_ORDER_MARK = codecs.BOM_UTF8
# The first bytes of a file, and what unpacks it.
_PACKED = ((b"\x1f\x8b", gzip.open), (b"\xfd7zXZ\x00", lzma.open), (b"BZh", bz2.open))
# How text begins that is not UTF-8: with a mark, or with a brace of two bytes. PowerShell's > writes the first.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"[\x00", "utf-16-le"),
)
# Telegram Desktop writes control characters as \x0B, which JSON does not know; and its version 4.1.1 wrote the file of a
# custom emoji without quotes: "document_id": stickers/sticker [a, b].webp, to the end of the line (its issue 24961).
_MENDED = re.compile(
    rb"\\(?:x([0-9A-Fa-f]{2})|.)"
    rb'|("document_id":[ \t]*)(?![ \t]|"|[{\[]|(?:-?\d[\d.eE+-]*|null|true|false)\s*(?:[,}\]]|$))([^\r\n]+)',
    re.DOTALL | re.MULTILINE,
)
# Behind the key: a value that JSON knows, or no value at all because the key is a text.
_VALUE = re.compile(rb'\s*(?:[^:\s]|:\s*(?:["{\[]|(?:-?\d[\d.eE+-]*|null|true|false)\s*[,}\]]))')
_KEY = b'"document_id"'
# The first slice is at least this long, so that something is left of it without the mark.
_HEAD_BYTES = 16
# The longest escape that may need mending is \x0B: a slice that ends within one is read on; so is one that ends within
# such a line, a few bytes at a time, but never further than a path is long.
_ESCAPE_BYTES, _LINE_STEP, _LONGEST_LINE = 4, 16, 4096


class Readable(Protocol):
    """What plain, packed and transcoded files have in common."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


class Source:
    """A file-like for the JSON parser that knows how far it has read.

    `position` counts bytes of the JSON as it stands in the (unpacked) file, `n_file_bytes` those of the file on disk.
    """

    def __init__(self, content: Readable, raw: IO[bytes]) -> None:
        self._content, self._raw = content, raw
        self._decoder: codecs.IncrementalDecoder | None = None
        self.position = 0

    def read(self, size: int) -> bytes:
        """The next bytes, a few more than asked where something to mend would be cut; empty at the end.

        Raises OSError, EOFError, lzma.LZMAError, zlib.error or zipfile.BadZipFile when the packed file is damaged.
        """
        if size == 0:  # the parser asks whether these are bytes or text
            return b""
        is_first = self.position == 0
        piece = self._take(max(size, _HEAD_BYTES) if is_first else size)
        while b"\\" in piece[1 - _ESCAPE_BYTES :] and (more := self._take(_ESCAPE_BYTES)):
            piece += more
        longest = len(piece) + _LONGEST_LINE
        while _is_open(piece) and len(piece) < longest and (more := self._take(_LINE_STEP)):
            piece += more
        if is_first and piece.startswith(_BYTE_ORDER_MARK):
            piece = piece[len(_BYTE_ORDER_MARK) :]
        return _MENDED.sub(_mend, piece) if b"\\x" in piece or _KEY in piece else piece

    def _take(self, size: int) -> bytes:
        """At least one more byte of UTF-8, or none at the end."""
        while True:
            is_first = self.position == 0
            piece = self._content.read(size)
            self.position += len(piece)
            if is_first:
                self._decoder = _decoder(piece)
            if self._decoder is None:
                return piece
            text = self._decoder.decode(piece, final=not piece)
            if text or not piece:
                return text.encode("utf-8", "replace")

    @property
    def n_file_bytes(self) -> int:
        """How much of the file on disk was read: for a progress bar."""
        return self._raw.tell()


def _decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    """What makes text of these bytes; None when they are UTF-8 already."""
    name = next((name for mark, name in _WIDE if head.startswith(mark)), None)
    return codecs.getincrementaldecoder(name)("replace") if name else None


def _is_open(piece: bytes) -> bool:
    """Whether the piece ends within the key of a custom emoji's file, or within the line behind it."""
    at = piece.rfind(_KEY)
    if at >= 0 and not _VALUE.match(piece, at + len(_KEY)):
        return b"\n" not in piece[at:]
    return _KEY.startswith(piece[piece.rfind(b'"') :])


def _mend(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return b"\\u00" + match[1]
    if match[3]:
        return match[2] + _quote(match[3])
    return match[0]


def _quote(line: bytes) -> bytes:
    """The rest of a line as a JSON string; a comma at its end parts it from the next key."""
    value = line.rstrip()
    comma = b"," if value.endswith(b",") else b""
    value = value[: len(value) - len(comma)]
    return b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' + comma


@contextmanager
def open_source(path: Path, member: str | None = None) -> Iterator[Source]:
    """Open an export, or a member of a zip archive; how it is packed is seen from its bytes, not from its name.

    Raises OSError; for archives RuntimeError (a password), zipfile.BadZipFile, NotImplementedError (an unknown method).
    """
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        content: IO[bytes] = raw
        if member is not None:
            content = stack.enter_context(stack.enter_context(zipfile.ZipFile(raw)).open(member))
        yield Source(_unpack(content, stack), raw)


def _unpack(content: IO[bytes], stack: ExitStack) -> Readable:
    head = content.read(8)
    content.seek(0)
    unpack = next((unpack for magic, unpack in _PACKED if head.startswith(magic)), None)
    return stack.enter_context(unpack(content)) if unpack else content
