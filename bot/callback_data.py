"""How a button is written into 64 bytes and read back: `version:name:fields`.

Nothing in it is trusted: handlers check rights again.
"""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from telegram import Update

VERSION = "1"
# Row ids fit 64 bits; anything longer was not ours, and would overflow the database.
_NUMBER = "-?[0-9]{1,18}"


class ButtonIsForeign(ValueError):
    """Callback data that none of our buttons wrote: forged, cut, or of a version that is gone."""


class CallbackData:
    """What one kind of button carries; its fields are numbers, texts without a colon, or words of a closed list."""

    name: ClassVar[str]

    def pack(self) -> str:
        """The callback data."""
        values = (getattr(self, field.name) for field in dataclasses.fields(self))  # type: ignore[arg-type]
        return ":".join([VERSION, self.name, *(str(value) for value in values)])

    @classmethod
    def unpack(cls, data: str | None) -> Self:
        """The button that wrote `data`. Raises ButtonIsForeign."""
        version, _, rest = (data or "").partition(":")
        name, *values = rest.split(":")
        kinds = cls._kinds()
        if version != VERSION or name != cls.name or len(values) != len(kinds):
            raise ButtonIsForeign(cls.name)
        return cls(**{field: _convert(text, kind) for (field, kind), text in zip(kinds.items(), values, strict=True)})

    @classmethod
    def of(cls, update: Update) -> Self:
        """The button that was pressed. Raises ButtonIsForeign."""
        return cls.unpack(update.callback_query.data if update.callback_query else None)

    @classmethod
    @cache
    def _kinds(cls) -> dict[str, Any]:
        kinds = get_type_hints(cls)
        kinds.pop("name", None)
        return kinds

    @classmethod
    @cache
    def pattern(cls) -> re.Pattern[str]:
        """What the handler's registration matches: exactly what unpack() takes; all else is a foreign button."""
        kinds = cls._kinds()
        fields = "".join(f":{_pattern(kind)}" for kind in kinds.values())
        return re.compile(rf"{VERSION}:{cls.name}{fields}\Z")


def words_of(kind: Any) -> list[str]:
    """What a field of this kind may say: the words of a closed list, of a Literal, or of several; [] for free text."""
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return list(parts)
    if parts:
        return [word for part in parts for word in words_of(part)]
    return list(kind) if issubclass(kind, StrEnum) else []


def _pattern(kind: Any) -> str:
    if words := words_of(kind):
        return f"(?:{'|'.join(map(re.escape, words))})"
    return _NUMBER if kind is int else "[^:]*"


def _convert(text: str, kind: Any) -> Any:
    if not re.fullmatch(_pattern(kind), text):
        raise ButtonIsForeign(text[:20])
    return next((word for word in words_of(kind) if word == text), None) or kind(text)
