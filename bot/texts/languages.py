"""Which language somebody is spoken to in."""

from __future__ import annotations

from models.tables.community import Community
from models.tables.member import Member


def language_of(reader: Member | Community | None, default: str) -> str:
    """What a community or a member chose, else what the member's Telegram speaks, else the default."""
    if reader is None:
        return default
    if reader.language:
        return reader.language
    if isinstance(reader, Member) and reader.client_language:
        return "zh" if reader.client_language.lower().startswith("zh") else "en"
    return default
