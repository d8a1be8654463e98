"""What a file is that is no export of Telegram Desktop in JSON: named in a sentence, with what to do instead."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

HOW_TO_EXPORT = (
    "In Telegram Desktop open the group, ⋮ → Export chat history, choose the format “Machine-readable JSON”, "
    "and import the folder it makes"
)


class NotAnExport(Exception):
    """The file is whole, but it is not what Telegram Desktop writes in JSON; the message is fit for a person."""


# What stands in front of a file's name: "This is ...".
_HTML = "Telegram Desktop's export as web pages (HTML), not as JSON"
# First bytes, how many bytes come before them, what it is.
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG", 0, "a picture"),
    (b"\xff\xd8\xff", 0, "a picture"),
    (b"GIF8", 0, "a picture"),
    (b"WEBP", 8, "a picture"),
    (b"II*\x00", 0, "a picture"),
    (b"MM\x00*", 0, "a picture"),
    (b"ftypheic", 4, "a picture"),
    (b"ftypavif", 4, "a picture"),
    (b"ftyp", 4, "a video or sound file"),
    (b"\x1aE\xdf\xa3", 0, "a video"),
    (b"AVI ", 8, "a video"),
    (b"OggS", 0, "a sound file"),
    (b"ID3\x03", 0, "a sound file"),
    (b"ID3\x04", 0, "a sound file"),
    (b"WAVE", 8, "a sound file"),
    (b"%PDF", 0, "a PDF document"),
    (b"\xd0\xcf\x11\xe0", 0, "an old Office document"),
    (b"{\\rtf", 0, "a text document (RTF)"),
    (b"SQLite format 3", 0, "a database (SQLite)"),
    (b"7z\xbc\xaf", 0, "a 7z archive, which has to be unpacked first"),
    (b"Rar!", 0, "a RAR archive, which has to be unpacked first"),
    (b"\x28\xb5\x2f\xfd", 0, "a Zstandard archive, which has to be unpacked first"),
    (b"ustar", 257, "a tar archive, which has to be unpacked first"),
    (b"\x7fELF", 0, "a program"),
)
# A line of a WhatsApp chat: [31.12.25, 23:59:59] Mia: ... · 31/12/2025, 11:59 pm - Mia: ... · 2025/12/31 晚上11:59 - Mia: ...
_WHATSAPP = re.compile(
    r"^[\u200e\u200f]*\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\D{0,4}\d{1,2}[:.]\d{2}([:.]\d{2})?"
    r"[^\n\d]{0,12}?(\]| [-\u2013]) [^:\n]{1,80}: ",
    re.MULTILINE,
)
# Words near the beginning of a text that only this app writes.
_WORDS = (
    ("[LINE]", "LINE"),
    ("DiscordChatExporter", "Discord"),
    ("AuthorID,Author,Date,Content", "Discord"),
    ("Guild: ", "Discord"),
    ("Messages and calls are end-to-end encrypted", "WhatsApp"),
    ("消息和通话都进行端到端加密", "WhatsApp"),
)
# Keys of the outermost object, or of a list's first entries: all must be there.
_KEYS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"guild", "channel"}), "Discord"),
    (frozenset({"participants", "messages"}), "Messenger or Instagram"),
    (frozenset({"room_name", "messages"}), "Element"),
    (frozenset({"conversations", "userId"}), "Skype"),
    (frozenset({"ts", "user"}), "Slack"),
    (frozenset({"ts", "bot_id"}), "Slack"),
)
# Files of a folder or archive, by their whole path or last part.
_NAMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(^|/)(_chat|WhatsApp[ -][^/]*)\.txt$"), "WhatsApp"),
    (re.compile(r"(^|/)(integration_logs|channels|dms|mpims)\.json$"), "Slack"),
    (
        re.compile(r"(^|/)messages/index\.json$|(^|/)servers/index\.json$|(^|/)c\d+/(messages|channel)\.json$"),
        "Discord",
    ),
    (re.compile(r"(^|/)(message_\d+\.json|your_instagram_activity/)"), "Messenger or Instagram"),
)
_OFFICE = re.compile(r"^(word|xl|ppt)/|^\[Content_Types\]\.xml$")
_PAGES = re.compile(r"(^|/)(messages\d*|export_results)\.html$")


def check_beginning(head: bytes, name: str) -> None:
    """Look at a file's first bytes (unpacked, UTF-8 if it is text). Raises NotAnExport unless JSON's object may begin so."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise NotAnExport(f"{name} is empty. Was the export still running, or the disk full? {HOW_TO_EXPORT}.")
    if text.startswith("{") and not head.startswith(b"{\\rtf"):
        return
    if kind := next((kind for magic, at, kind in _MAGIC if head[at:].startswith(magic)), None):
        raise NotAnExport(f"{name} is {kind}. {HOW_TO_EXPORT}.")
    if app := _app_of(text):
        raise foreign(name, app)
    raise NotAnExport(f"{name} is {_kind_of(text, head, name)}. {HOW_TO_EXPORT}.")


def check_keys(keys: Collection[str]) -> None:
    """The keys of an object that holds no chats of Telegram Desktop. Raises NotAnExport, always."""
    check_is_not_foreign(keys)
    if {"personal_information", "contacts", "chats", "left_chats"} & set(keys):
        raise NotAnExport(
            "This is an export of a whole Telegram account, without any chats in it. When exporting, tick "
            "“Private groups” and “Public groups”; or open the group itself, ⋮ → Export chat history, format JSON."
        )
    raise NotAnExport(f"This is JSON, but no export of Telegram Desktop. {HOW_TO_EXPORT}.")


def check_is_not_foreign(keys: Collection[str]) -> None:
    """Raises NotAnExport when an object's keys are those of another app's export."""
    if app := next((app for their_keys, app in _KEYS if their_keys <= set(keys)), None):
        raise foreign("This", app)


def check_names(names: Collection[str], name: str) -> None:
    """The files of a folder or archive that holds no result.json. Raises NotAnExport when they tell what it is."""
    if any(_PAGES.search(one) for one in names):
        raise NotAnExport(f"{name} is {_HTML}. {HOW_TO_EXPORT}.")
    if any(_OFFICE.search(one) for one in names):
        raise NotAnExport(f"{name} is an Office document. {HOW_TO_EXPORT}.")
    if app := next((app for pattern, app in _NAMES for one in names if pattern.search(one)), None):
        raise foreign(name, app)


def foreign(name: str, app: str) -> NotAnExport:
    """An export of another app: nobody in it could ever say yes to the bot, so there is nothing to read it for."""
    return NotAnExport(
        f"{name} is an export of {app}. Klatch reads Telegram's only: whoever is in it must be able to say yes to the bot "
        "there. Add the bot to your Telegram group and send /setup; it learns from what is written from then on."
    )


def _app_of(text: str) -> str | None:
    if app := next((app for words, app in _WORDS if words in text), None):
        return app
    if _WHATSAPP.search(text):
        return "WhatsApp"
    keys = set(re.findall(r'"(\w+)"\s*:', text)) if text.startswith("[") else set()
    return next((app for their_keys, app in _KEYS if their_keys <= keys), None)


def _kind_of(text: str, head: bytes, name: str) -> str:
    """What it looks like; "is" stands before it."""
    if text.startswith("<"):
        is_telegrams = "Exported Data" in text or _PAGES.search(PurePosixPath(name).name)
        return _HTML if is_telegrams else "a web page (HTML or XML)"
    if text.startswith("["):
        is_list = "date_unixtime" in text or "from_id" in text
        return "a list of messages without the chat they belong to" if is_list else "JSON of another kind: a list"
    if b"\x00" in head or "\ufffd" in text[:200]:
        return "neither text nor an archive that I know"
    first = text.split("\n", 1)[0]
    is_table = PurePosixPath(name).suffix.lower() in {".csv", ".tsv"} or max(map(first.count, ",;\t")) >= 3
    return "a table (CSV)" if is_table else "plain text"
