"""The declarative base and the column types every table shares."""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

import orjson
from sqlalchemy import BigInteger, Dialect, Index, Integer, LargeBinary, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from models.database import UtcDateTime, keys_of

logger = logging.getLogger(__name__)

# SQLite only hands out row ids for INTEGER, which is 64-bit there; PostgreSQL needs BIGINT.
RowIdType = BigInteger().with_variant(Integer(), "sqlite")


class EncryptedText(TypeDecorator[str]):
    """Text that stands encrypted in the database; the key ring comes with the engine. Lone surrogates are replaced."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal with the ring's first key."""
        return None if value is None else keys_of(dialect).encrypt(value.encode("utf-8", "replace"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open with whichever key of the ring wrote it."""
        return None if value is None else keys_of(dialect).decrypt(value).decode("utf-8")


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes that stand encrypted in the database (raw updates, learned artefacts)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal with the ring's first key."""
        return None if value is None else keys_of(dialect).encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open with whichever key of the ring wrote it."""
        return None if value is None else keys_of(dialect).decrypt(value)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that stands encrypted in the database. Mutation in place is not noticed: assign a new value."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Serialise, then seal."""
        return None if value is None else keys_of(dialect).encrypt(orjson.dumps(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Open, then parse."""
        return None if value is None else orjson.loads(keys_of(dialect).decrypt(value))


W = TypeVar("W", bound=StrEnum)


class Word(TypeDecorator[W], Generic[W]):
    """A word of a closed list, stored as itself: Word(RsvpStatus) is a VARCHAR(64) whose values are RsvpStatus.

    Writing or comparing with any other text raises ValueError. A stored word that this version does not know (a newer
    one wrote it) is read as a stranger, see word_of(), so that an older version goes on.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        super().__init__(64)
        self.words = words

    def process_bind_param(self, value: W | str | None, dialect: Dialect) -> str | None:
        """The plain text; what is no word of the list is refused."""
        if value is None:
            return None
        return str(value if isinstance(value, self.words) else self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> W | None:
        """The word of the list, or a stranger."""
        return None if value is None else word_of(self.words, value)


@lru_cache(maxsize=1024)
def word_of(words: type[W], text: str) -> W:
    """The word of the list that reads so, for texts we do not write ourselves: stored ones, and those of Telegram.

    A text outside the list becomes a stranger: of the list's type, equal to none of its words, so that no rule takes it
    for one, and written back unchanged. The log names it once.
    """
    try:
        return words(text)
    except ValueError:
        logger.warning("%s has no word %r: kept as it is, and taken for none of the others", words.__name__, text)
        stranger = str.__new__(words, text)
        stranger._name_, stranger._value_ = text.upper(), text
        return stranger


class Base(DeclarativeBase):
    """Every table; constraint names are stated so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), str: String(64)}  # noqa: RUF012  # SQLAlchemy's own protocol


def index_where(name: str | None, condition: str, *columns: str) -> Index:
    """An index of the rows for which an SQL condition holds: small where those are few. Without a name it gets one."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


def index_of_set(column: str) -> Index:
    """An index of a mostly empty column: of the rows that have it set."""
    return index_where(None, f"{column} IS NOT NULL", column)


RowId = Annotated[int, mapped_column(RowIdType, primary_key=True)]
# Ids of Telegram need up to 52 bits and may be negative.
TelegramId = Annotated[int, mapped_column(BigInteger)]
Sealed = Annotated[str, mapped_column(EncryptedText)]
SealedJson = Annotated[Any, mapped_column(EncryptedJson)]
SealedBytes = Annotated[bytes, mapped_column(EncryptedBytes)]
