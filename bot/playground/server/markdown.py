"""parse_mode MarkdownV2, as strict as Telegram: every reserved character is markup or must be escaped."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.playground.server.entities import in_order, utf16_length
from bot.playground.server.errors import ApiError, bad_request
from bot.playground.server.markup import as_link, as_moment
from bot.playground.server.snapshots import Json

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
# Longest first: what opens (and, except for links and quotes, also closes) an entity.
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "link",
}
CLOSERS = {kind: "]" if kind in ("link", "custom") else mark for mark, kind in MARKS.items()}
LANGUAGE = re.compile(r"([^\s`]*)\r?\n?")
URL = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)


@dataclass(slots=True)
class _Open:
    kind: str
    start: int
    byte_offset: int
    language: str = ""


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The text without marks and its entities in UTF-16 units. Raises ApiError 400 "can't parse entities: ..."."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []
        self.may_quote = True

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.stack:
            raise _unparsable(f"Can't find end of {self._name()} entity at byte offset {self.stack[-1].byte_offset}")
        return "".join(self.text), in_order(self.entities)

    def _step(self) -> None:
        """Consume one character or one mark."""
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if character == "\\" and following and "\0" < following <= "~":
            self._add(following, 2)
        elif character == "\r":  # separates marks and is never shown
            self.at += 1
        elif self.stack and self.stack[-1].kind in ("code", "pre"):
            self._in_code(character)
        elif character == "\n":
            self._new_line()
        elif character in RESERVED:
            self._mark(character)
        else:
            self._add(character, 1)

    def _add(self, words: str, n_consumed: int) -> None:
        self.text.append(words)
        self.length += utf16_length(words)
        self.at += n_consumed
        self.may_quote = False

    def _in_code(self, character: str) -> None:
        closer = CLOSERS[self.stack[-1].kind]
        if self.source.startswith(closer, self.at):
            self._close(len(closer))
        elif character == "`":
            raise self._refuse_reserved(character)
        else:
            self._add(character, 1)

    def _new_line(self) -> None:
        if self._is_quoting() and self.source.startswith(">", self.at + 1):
            self._add("\n", 2)
            return
        self._end_quote()
        self._add("\n", 1)
        self.may_quote = True

    def _mark(self, character: str) -> None:
        """A reserved character: the end of what is open, the beginning of something, or an error."""
        if self._is_end():
            self._close(len(CLOSERS[self.stack[-1].kind]))
        elif character == ">" and self.may_quote:
            self._open("blockquote", 1)
        elif self._ends_expandable_quote():
            self._end_quote("expandable_blockquote")
            self.at += 2
        else:
            mark = next((mark for mark in MARKS if self.source.startswith(mark, self.at)), None)
            if mark is None:
                raise self._refuse_reserved(character)
            self._open(MARKS[mark], len(mark))

    def _is_end(self) -> bool:
        """Whether the innermost entity ends here; "__" is never the end of an italic one."""
        if not self.stack or self.stack[-1].kind == "blockquote":
            return False
        kind = self.stack[-1].kind
        is_underline = self.source.startswith("__", self.at)
        return self.source.startswith(CLOSERS[kind], self.at) and not (kind == "italic" and is_underline)

    def _open(self, kind: str, n_consumed: int) -> None:
        mark = _Open(kind, self.length, len(self.source[: self.at].encode()))
        self.at += n_consumed
        if kind == "pre":
            self._read_language(mark)
        self.stack.append(mark)

    def _read_language(self, mark: _Open) -> None:
        """A word right after ``` is a language when a blank or line end follows it; one line end is skipped."""
        match = LANGUAGE.match(self.source, self.at)
        assert match is not None  # noqa: S101  the pattern matches nothing too
        is_language = match.group(1) and not self.source.startswith("`", match.end(1))
        if is_language or not match.group(1):
            mark.language, self.at = match.group(1), match.end()

    def _close(self, n_consumed: int) -> None:
        mark = self.stack.pop()
        self.at += n_consumed
        entity: Json = {"type": mark.kind}
        if mark.kind == "pre" and mark.language:
            entity["language"] = mark.language
        elif mark.kind == "link":
            entity = as_link(self._address() or "".join(self.text)[-(self.length - mark.start) :])
        elif mark.kind == "custom":
            entity = _special(self._address(), mark.byte_offset)
        self._keep(entity, mark.start)

    def _address(self) -> str:
        """The (url) after a link's text; empty when there is none."""
        match = URL.match(self.source, self.at)
        if match is None:
            if self.source.startswith("(", self.at):
                raise _unparsable(f"Can't find end of a URL at byte offset {len(self.source[: self.at].encode())}")
            return ""
        self.at = match.end()
        return re.sub(r"\\(.)", r"\1", match.group(1), flags=re.DOTALL)

    def _keep(self, entity: Json, start: int) -> None:
        if entity and self.length > start:
            self.entities.append({**entity, "offset": start, "length": self.length - start})
            self.may_quote = False

    def _is_quoting(self) -> bool:
        return any(mark.kind == "blockquote" for mark in self.stack)

    def _ends_expandable_quote(self) -> bool:
        rest = self.source[self.at : self.at + 3]
        return bool(self.stack) and self.stack[-1].kind == "blockquote" and rest in ("||", "||\n")

    def _end_quote(self, kind: str = "blockquote") -> None:
        if self.stack and self.stack[-1].kind == "blockquote":
            self._keep({"type": kind}, self.stack.pop().start)

    def _name(self) -> str:
        return {"link": "TextUrl", "custom": "CustomEmoji"}.get(self.stack[-1].kind, self.stack[-1].kind.capitalize())

    def _refuse_reserved(self, character: str) -> ApiError:
        return _unparsable(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")


def _special(address: str, byte_offset: int) -> Json:
    """What ![text](tg://emoji?id=...) or ![text](tg://time?unix=...&format=...) stands for."""
    parts = urlsplit(address)
    values_of = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "tg" and parts.netloc == "emoji" and values_of.get("id"):
        return {"type": "custom_emoji", "custom_emoji_id": values_of["id"]}
    if parts.scheme == "tg" and parts.netloc == "time":
        return as_moment(values_of, byte_offset)
    raise _unparsable("Custom emoji entity must contain a tg://emoji URL")


def _unparsable(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
