"""Which language answers one person's command: what they chose, else what they wrote in, as far as its letters tell."""

from __future__ import annotations

from bot.texts.languages import FALLBACK, LANGUAGES, language_spoken
from models.reading.scripts import scripts_of, scripts_of_language
from models.tables.member import Member


def language_of_answer(member: Member | None, words: str) -> str | None:
    """The code of the language; None where nothing tells, and that of the place holds.

    words is the command with what stands behind it. Who mixes two writings reads both, and names things in English. Latin
    letters alone may be no more than a name, and several languages of ours may have them: the client tells which of these it is,
    and a client that speaks none of ours means English.
    """
    if member is not None and member.language:
        return member.language
    written = scripts_of(" ".join(word for word in words.split() if not word.startswith(("/", "@"))))
    found = [code for code in LANGUAGES if scripts_of_language(code) <= written]
    client = language_spoken(member.client_language) if member is not None and member.client_language else FALLBACK
    telling = [code for code in found if scripts_of_language(code) != scripts_of_language(FALLBACK)]
    if client in (telling or found):
        return client
    return telling[0] if telling else None
