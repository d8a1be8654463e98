"""Which language a member is spoken to in."""

from __future__ import annotations

from models.tables.member import Member


def member_language(member: Member | None, default: str) -> str:
    """What a member chose, else what their Telegram speaks, else the default."""
    if member is None:
        return default
    if member.language:
        return member.language
    if member.client_language:
        return "zh" if member.client_language.lower().startswith("zh") else "en"
    return default
