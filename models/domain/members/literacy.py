"""What a member can read: the scripts and languages they write in, chose, or have their client in, and that of the group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from models.reading.scripts import is_readable, scripts_of, scripts_of_language
from models.tables.community import Community
from models.tables.member import Member

# Who wrote less than this share of their messages in a script or language may have copied a name.
READS_SHARE = 0.2


@dataclass(frozen=True)
class Literacy:
    """Scripts, and languages in Latin letters; no language: not known, any will do."""

    scripts: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def can_read(self, text: str, language: str | None) -> bool:
        """Whether a text is for them; `language` is that of a text in Latin letters, None when nobody is sure."""
        knows_language = language is None or not self.languages or language in self.languages
        return knows_language and is_readable(text, self.scripts)


@dataclass
class LanguageCounts:
    """In how many messages a member wrote in each script and language."""

    scripts: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, language: str | None) -> None:
        """One message."""
        self.scripts.update(scripts_of(text))
        if language is not None:
            self.languages[language] += 1

    def writes_in(self) -> list[str]:
        """Codes of the languages they write in; what is written in Han characters is Chinese."""
        return sorted(_often(self.languages) | ({"zh"} if "han" in _often(self.scripts) else set()))

    def literacy(self, own: str, group: str) -> Literacy:
        """With the language they chose or their client has, and that of their group, as tags ("zh-hans").

        Whoever reads Latin letters follows the language of the group; its script alone nobody reads for being there.
        """
        scripts = _often(self.scripts) | scripts_of_language(own)
        languages = {tag.partition("-")[0].lower() for tag in (own, group) if "other" in scripts_of_language(tag)}
        return Literacy(scripts, _often(self.languages) | languages)


def literacy_of(member: Member, texts: Iterable[str], community: Community) -> Literacy:
    """What a member can read, by what they wrote, chose or have their client in, and by the language of their group."""
    from models.learning.languages import language_of  # it loads dictionaries, which a host that starts does without

    counts = LanguageCounts()
    for text in texts:
        counts.add(text, language_of(text))
    return counts.literacy(member.language or member.client_language or community.language, community.language)


def _often(counts: Counter[str]) -> frozenset[str]:
    return frozenset(one for one, n in counts.items() if n > 1 and n >= READS_SHARE * counts.total())
