"""What people really have after an export, and what they take for one."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.importing.finding import find_export
from bot.importing.reader import read_export
from bot.importing.recognising import NotAnExport
from tests.bot.importing.exports import chat, message, write

EXPORT = json.dumps(chat(message(1)), indent=1)
PACKED = gzip.compress(EXPORT.encode())
PAGE = "<!DOCTYPE html>\n<html>\n <head><title>Exported Data</title></head>\n</html>"


def zipped(**files: str | bytes) -> bytes:
    """Names are given with __ for / and _dot_ for a full stop."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


def number_in(path: Path) -> Any:
    """Telegram's id of the one message that is found there."""
    with find_export(path).open() as source:
        found: list[Any] = list(read_export(source, lambda _: True))
    return found[1]["id"]


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


FINDS: list[tuple[str, Callable[[Path], Path]]] = [
    ("the file", lambda folder: put(folder, "result.json", EXPORT)),
    ("the file under another name", lambda folder: put(folder, "founders (1).json", EXPORT)),
    ("the folder that Telegram Desktop made", lambda folder: put(folder, "ChatExport/result.json", EXPORT).parent),
    (
        "the folder with pages and pictures beside it",
        lambda folder: [
            put(folder, f"ChatExport/{name}", PAGE) for name in ("messages.html", "photos/1.jpg", "result.json")
        ]
        and put(folder, "ChatExport/result.json", EXPORT).parent,
    ),
    ("the folder that holds that folder", lambda folder: put(folder, "ChatExport_2026/result.json", EXPORT).parents[1]),
    ("a folder with a renamed file", lambda folder: put(folder, "mine/founders.json", EXPORT).parent),
    ("a folder with a zip", lambda folder: put(folder, "mine/a.zip", zipped(result_dot_json=EXPORT)).parent),
    ("a zip of the folder", lambda folder: put(folder, "a.zip", zipped(ChatExport__result_dot_json=EXPORT))),
    ("a zip of the file", lambda folder: put(folder, "a.zip", zipped(result_dot_json=EXPORT))),
    (
        "a zip made on a Mac",
        lambda folder: put(
            folder, "a.zip", zipped(**{"__MACOSX/._result.json": b"\x00\x05", "C/result.json": EXPORT})
        ),
    ),
    ("a zip of a packed file", lambda folder: put(folder, "a.zip", zipped(result_dot_json_dot_gz=PACKED))),
    ("a zip without its ending", lambda folder: put(folder, "export", zipped(result_dot_json=EXPORT))),
    ("gzip", lambda folder: put(folder, "result.json.gz", PACKED)),
    ("bzip2", lambda folder: put(folder, "result.json.bz2", bz2.compress(EXPORT.encode()))),
    ("UTF-16 (PowerShell's >)", lambda folder: put(folder, "result.json", EXPORT.encode("utf-16"))),
    ("UTF-16 in the other order", lambda folder: put(folder, "result.json", b"\xfe\xff" + EXPORT.encode("utf-16-be"))),
    ("UTF-16 without a mark", lambda folder: put(folder, "result.json", EXPORT.encode("utf-16-le"))),
    ("UTF-32", lambda folder: put(folder, "result.json", EXPORT.encode("utf-32"))),
    ("UTF-8 with a mark (Notepad)", lambda folder: put(folder, "result.json", EXPORT.encode("utf-8-sig"))),
    ("Windows' line ends", lambda folder: put(folder, "result.json", EXPORT.replace("\n", "\r\n"))),
    ("blank lines first", lambda folder: put(folder, "result.json", "\n\n " + EXPORT)),
]  # fmt: skip


@pytest.mark.parametrize("make", [make for _, make in FINDS], ids=[name for name, _ in FINDS])
def test_the_export_is_found_in_whatever_people_have(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    assert number_in(make(tmp_path)) == 1


def test_the_home_folder_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path, EXPORT)

    assert number_in(Path("~/result.json")) == 1


# Content by file name, and what is said of it.
REFUSALS: list[tuple[str, str | bytes, str]] = [
    ("empty.json", "", "empty.json is empty"),
    ("blank.json", b"\xef\xbb\xbf \n", "blank.json is empty"),
    ("messages.html", PAGE, "web pages (HTML), not as JSON"),
    ("page.html", "<html><body>News</body></html>", "a web page"),
    ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
    ("result.json", b"\x89PNG\r\n\x1a\n", "a picture"),
    ("clip.mp4", b"\x00\x00\x00\x18ftypmp42", "a video"),
    ("paper.pdf", b"%PDF-1.7", "a PDF document"),
    ("msgstore.db", b"SQLite format 3\x00", "a database"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c", "has to be unpacked first"),
    ("a.tar", b"result.json".ljust(257, b"\x00") + b"ustar\x00", "has to be unpacked first"),
    ("notes.txt", "Buy milk, and bread", "plain text"),
    ("members.csv", "id;name;joined;left\n1;Mia;2026;\n", "a table (CSV)"),
    ("bytes.bin", bytes(range(256)), "neither text nor an archive"),
    ("report.docx", zipped(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "an Office document"),
    ("list.json", "[1, 2]", "JSON of another kind"),
    # jq .messages
    ("messages.json", json.dumps([message(1)]), "a list of messages without the chat"),
    ("_chat.txt", "\u200e[31.12.25, 23:59:59] Mia: hello\n", "WhatsApp"),
    ("WhatsApp Chat with Founders.txt", "31/12/2025, 11:59 pm - Mia: hello\n", "WhatsApp"),
    ("chat.txt", "2025/12/31 晚上11:59 - 米娅: 你好\n", "WhatsApp"),
    ("WhatsApp Chat.zip", zipped(_chat_dot_txt="hello"), "WhatsApp"),
    ("line.txt", "[LINE] Chat history in Founders\n", "LINE"),
    ("slack.zip", zipped(channels_dot_json="[]", users_dot_json="[]", general__2026_dot_json="[]"), "Slack"),
    ("2026-01-01.json", json.dumps([{"user": "U1", "type": "message", "ts": "1.2", "text": "hi"}]), "Slack"),
    ("general.txt", "=====\nGuild: Founders\nChannel: general\n", "Discord"),
    ("general.csv", "AuthorID,Author,Date,Content,Attachments,Reactions\n", "Discord"),
    ("package.zip", zipped(messages__index_dot_json="{}", account__user_dot_json="{}"), "Discord"),
    ("meta.zip", zipped(inbox__founders_1__message_1_dot_json="{}"), "Messenger or Instagram"),
    ("nothing.zip", zipped(readme_dot_md="x"), "There is no result.json in nothing.zip"),
    ("cut.zip", zipped(result_dot_json=EXPORT)[:200], "breaks off or is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSALS, ids=[name for name, _, _ in REFUSALS])
def test_another_file_is_named_for_what_it_is(tmp_path: Path, name: str, content: str | bytes, sentence: str) -> None:
    path = put(tmp_path, name, content)

    with pytest.raises(NotAnExport) as problem:
        find_export(path)

    assert sentence in str(problem.value)
    assert any(step in str(problem.value) for step in ("JSON", "/setup", "unpack"))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"messages.html": PAGE, "css/style.css": "x"}, "web pages (HTML), not as JSON"),
        ({"_chat.txt": "hello", "photo.jpg": "x"}, "WhatsApp"),
        ({"channels.json": "[]", "general/2026-01-01.json": "[]"}, "Slack"),
        ({"photos/1.jpg": "x"}, "There is no result.json in mine"),
        ({"one.json": EXPORT, "two.json": EXPORT}, "There is no result.json in mine"),
        (
            {"ChatExport_2026-01-01/result.json": EXPORT, "ChatExport_2026-02-01/result.json": EXPORT},
            "There are 2 exports in mine. Import one at a time; in it are ChatExport_2026-01-01, ChatExport_2026-02-01.",
        ),
    ],
)
def test_a_folder_without_an_export_is_named_for_what_it_is(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    for name, content in files.items():
        put(tmp_path, f"mine/{name}", content)

    with pytest.raises(NotAnExport) as problem:
        find_export(tmp_path / "mine")

    assert sentence in str(problem.value)


def test_an_archive_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    # Bit 0 of the flags, in the local header and in the directory, says "encrypted".
    packed = bytearray(zipped(result_dot_json=EXPORT))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(NotAnExport, match="locked with a password"):
        find_export(put(tmp_path, "a.zip", bytes(packed)))


def test_only_the_beginning_of_a_file_is_looked_at(tmp_path: Path) -> None:
    path = put(tmp_path, "result.json", EXPORT[:-1] + " " * 1_000_000 + "}")

    with find_export(path).open() as source:
        assert source.position == 0
