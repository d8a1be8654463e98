"""How a parameter of each Bot API type is read, from JSON as well as from a form, and what is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

INTEGER_TEXT = re.compile(r"-?\d{1,19}")
TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


@dataclass(frozen=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Parameter:
    """One parameter: its types as the specification names them, and the reader of its value (ValueError if wrong)."""

    types: tuple[str, ...]
    parse: Callable[[Any], Any]


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    str(value).encode()  # half of a surrogate pair is a UnicodeEncodeError, which is a ValueError
    return str(value)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and INTEGER_TEXT.fullmatch(value):
        return int(value)
    raise ValueError


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    return float(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return TRUTHS[str(value).lower()] if str(value).lower() in TRUTHS else _wrong()


def _chat(value: Any) -> int | str:
    if isinstance(value, str) and value.startswith("@"):
        return value
    return _integer(value)


def _json(kind: type) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        content = orjson.loads(value) if isinstance(value, str) else value
        return content if isinstance(content, kind) else _wrong()

    return parse


def _array_of(item: type) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        items = _json(list)(value)
        is_right = all(isinstance(one, item) and not isinstance(one, bool) for one in items)
        return items if is_right else _wrong()

    return parse


def _file(value: Any) -> Any:
    return value if isinstance(value, Upload | str) else _wrong()


def _wrong() -> Any:
    raise ValueError


STRING = Parameter(("String",), _string)
INTEGER = Parameter(("Integer",), _integer)
FLOAT = Parameter(("Float",), _float)
BOOLEAN = Parameter(("Boolean",), _boolean)
CHAT = Parameter(("Integer", "String"), _chat)
FILE = Parameter(("InputFile", "String"), _file)
CERTIFICATE = Parameter(("InputFile",), _file)
STRINGS = Parameter(("Array of String",), _array_of(str))
INTEGERS = Parameter(("Array of Integer",), _array_of(int))
ENTITIES = Parameter(("Array of MessageEntity",), _array_of(dict))
INLINE_KEYBOARD = Parameter(("InlineKeyboardMarkup",), _json(dict))
KEYBOARD = Parameter(("InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply"), _json(dict))


def an_object(*types: str) -> Parameter:
    """A JSON object of one of these types; its fields are checked where it is used."""
    return Parameter(types, _json(dict))


def an_array(*types: str, or_texts_as: str = "") -> Parameter:
    """A JSON array of objects of one of these types; with `or_texts_as`, a plain text stands for {that field: text}."""

    def parse(value: Any) -> Any:
        items = _json(list)(value)
        if or_texts_as:
            items = [{or_texts_as: item} if isinstance(item, str) else item for item in items]
        return _array_of(dict)(items)

    return Parameter(tuple(f"Array of {name}" for name in types), parse)
