"""What a member can read: the scripts and languages they write in, chose, or have their client in, and that of the group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
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

    def literacy(self, own: str, group: str, *, unread: Collection[str] = ()) -> Literacy:
        """With the language they chose or their client has, and that of their group, as tags ("zh-hans").

        Whoever reads Latin letters follows the language of the group; its script alone nobody reads for being there.
        `unread` are codes of languages that they write in and want nothing concluded from.
        """
        scripts = self._scripts_without(unread) | scripts_of_language(own)
        languages = {tag.partition("-")[0].lower() for tag in (own, group) if "other" in scripts_of_language(tag)}
        return Literacy(scripts, (_often(self.languages) - set(unread)) | languages)

    def _scripts_without(self, unread: Collection[str]) -> frozenset[str]:
        """Those they write in; none that only languages of these have."""
        latin = _often(self.languages)
        gone = {"han"} if "zh" in unread else set()
        gone |= {"other"} if latin and latin <= set(unread) else set()
        return _often(self.scripts) - gone


def literacy_of(
    member: Member, texts: Iterable[str], community: Community, *, unread: Collection[str] = ()
) -> Literacy:
    """What a member can read, by what they wrote, chose or have their client in, and by the language of their group.

    `unread` as in LanguageCounts.literacy().
    """
    from models.learning.languages import language_of  # it loads dictionaries, which a host that starts does without

    counts = LanguageCounts()
    for text in texts:
        counts.add(text, language_of(text))
    own = member.language or member.client_language or community.language
    return counts.literacy(own, community.language, unread=unread)


def _often(counts: Counter[str]) -> frozenset[str]:
    return frozenset(one for one, n in counts.items() if n > 1 and n >= READS_SHARE * counts.total())
