"""Which language answers one person's command: what they chose, else what they wrote in, as far as its letters tell."""

from __future__ import annotations

from bot.texts.languages import FALLBACK, LANGUAGES, spoken
from models.reading.scripts import scripts_of, scripts_of_language
from models.tables.member import Member


def language_of_answer(member: Member | None, words: str) -> str | None:
    """The code of the language; None where nothing tells, and that of the place holds.

    words is the command with what stands behind it. Who mixes two writings reads both, and names things in English. Latin
    letters alone may be no more than a name: they count for English unless the client speaks another language of ours.
    """
    if member is not None and member.language:
        return member.language
    written = scripts_of(" ".join(word for word in words.split() if not word.startswith(("/", "@"))))
    found = [code for code in LANGUAGES if scripts_of_language(code) <= written]
    others = [code for code in found if code != FALLBACK]
    if others:
        return others[0]
    client = spoken(member.client_language) if member is not None and member.client_language else FALLBACK
    return FALLBACK if found and client == FALLBACK else None
