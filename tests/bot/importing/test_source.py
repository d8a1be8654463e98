from __future__ import annotations

import gzip
import io
import json
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing.source import Source, open_source


def read_all(content: bytes, size: int) -> tuple[bytes, int]:
    raw = io.BytesIO(content)
    source = Source(raw, raw)
    pieces = []
    while piece := source.read(size):
        pieces.append(piece)
    return b"".join(pieces), source.position


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # what Telegram Desktop writes for control characters
        (rb'"a\x0Bb"', "a\x0bb"),
        (rb'"\x00\x1F"', "\x00\x1f"),
        # an escaped backslash before an x is no escape of an x
        (rb'"a\\x0Bb"', "a\\x0Bb"),
        (rb'"a\\\x0Bb"', "a\\\x0bb"),
        # proper escapes stay as they are
        (rb'"a\nb\"c\u4f60"', 'a\nb"c你'),
        # a byte order mark before all
        (b'\xef\xbb\xbf"a"', "a"),
    ],
)
def test_escapes_that_json_does_not_know_are_mended(written: bytes, read: str) -> None:
    for size in (1, 2, 3, 1024):
        mended, position = read_all(written, size)

        assert json.loads(mended, strict=False) == read
        assert position == len(written)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        # the three shapes that Telegram Desktop 4.1.1 wrote without quotes
        ("video_files/sticker (2).webm", "video_files/sticker (2).webm"),
        ("stickers/sticker [a, b].webp", "stickers/sticker [a, b].webp"),
        ("(File not included. Change data exporting settings to download.)", None),
        # what a file's name may hold besides
        ('stickers/the "best" one.webp', 'stickers/the "best" one.webp'),
        ("stickers\\new\\x0B.webp", "stickers\\new\\x0B.webp"),
        ("2026/sticker.webp", "2026/sticker.webp"),
        ("表情/贴纸, 一.webp", "表情/贴纸, 一.webp"),
        # what is JSON already stays as it is
        ('"5368324170671202286"', "5368324170671202286"),
        ("5368324170671202286", 5368324170671202286),
        ("null", None),
    ],
)
@pytest.mark.parametrize("more", ["", ",", ",\r", "\r"])
def test_the_file_of_a_custom_emoji_may_stand_without_quotes(value: str, read: object, more: str) -> None:
    after = '\n"count": 1' if "," in more else ""
    content = f'{{\n "type": "custom_emoji",\n "document_id": {value}{more}{after}\n}}'.encode()
    for size in (1, 2, 3, 7, 16, 1024):
        mended, position = read_all(content, size)

        assert json.loads(mended)["document_id"] == (read if read is not None or value == "null" else value)
        assert position == len(content)


@pytest.mark.parametrize("text", ['say "document_id": nothing', 'a "document_id', '"document_id":', "\\"])
def test_what_members_write_about_document_ids_stays_as_it_is(text: str) -> None:
    content = json.dumps({"text": text, "document_id": "1"}, indent=1).encode()
    for size in (1, 5, 16, 1024):
        assert json.loads(read_all(content, size)[0])["text"] == text


@given(text=st.text(), size=st.integers(1, 40), code=st.sampled_from(["utf-16", "utf-32"]))
def test_wide_text_reads_like_utf_8_wherever_it_is_cut(text: str, size: int, code: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    content = json.dumps({"text": text}, ensure_ascii=False).encode(code)

    read, position = read_all(content, size)

    assert json.loads(read) == {"text": text}
    assert position == len(content)


@given(
    pieces=st.lists(st.sampled_from([rb"\x0B", rb"\\", rb"\"", rb"\n", rb"\u4f60", b"x0B", b"a"])),
    size=st.integers(1, 9),
)
def test_where_the_file_is_cut_into_slices_changes_nothing(pieces: list[bytes], size: int) -> None:
    content = b'"' + b"".join(pieces) + b'"'

    mended, _ = read_all(content, size)

    assert mended == read_all(content, 10_000)[0]
    json.loads(mended, strict=False)


@pytest.mark.parametrize("name", ["result.json", "result.json.gz", "result.json.xz", "misleading.txt"])
def test_a_packed_file_reads_like_a_plain_one(tmp_path: Path, name: str) -> None:
    pack = {".gz": gzip.compress, ".xz": lzma.compress, ".txt": lzma.compress}.get(Path(name).suffix, bytes)
    path = tmp_path / name
    path.write_bytes(pack(b'{"a": 1}'))

    with open_source(path) as source:
        content = source.read(100)
        read = source.n_file_bytes

    assert content == b'{"a": 1}'
    assert read == path.stat().st_size
