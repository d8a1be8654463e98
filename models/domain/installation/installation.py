"""Facts about this installation: whose key wrote the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, keys_of_session
from models.encryption import KeyProblem
from models.tables.inbox import Fact

KEY_FACT = "key_fingerprint"


async def check_key(session: AsyncSession) -> None:
    """Note the key's fingerprint in a new database; raise KeyProblem when another key wrote this one.

    Better told at the start than by every text that cannot be read.
    """
    ours = keys_of_session(session).fingerprint
    await session.execute(insert_of(session, Fact).on_conflict_do_nothing(), [{"name": KEY_FACT, "value": ours}])
    value = await session.scalar(select(Fact.value).where(Fact.name == KEY_FACT))
    if value != ours:
        raise KeyProblem(
            "This database was written with another encryption key. Put that key (last in the list, if you rotate) into "
            "privacy.encryption_keys or restore the key file."
        )
