"""What is kept, and the choices: in the group one tap, in private one by one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.callbacks import ConsentButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Texts
from models.domain.members.consent import PURPOSES


def consent_notice(texts: Texts, language: str, *, community: str, community_id: int, link: str, days: int) -> Outgoing:
    """The friendly question in the group; one tap is enough, the link leads to the single choices."""
    return Outgoing(
        lines(
            texts.say(language, "privacy.notice_title", community=community),
            texts.say(language, "privacy.notice"),
            "",
            texts.say(language, "privacy.group", days=days),
        ),
        _ask(texts, language, community_id, link),
    )


def kept_here(texts: Texts, language: str, *, community_id: int, link: str, days: int) -> Outgoing:
    """/privacy in a group."""
    return Outgoing(texts.say(language, "privacy.group", days=days), _ask(texts, language, community_id, link))


def _ask(texts: Texts, language: str, community_id: int, link: str) -> list[list[Button]]:
    yes = ConsentButton(community_id, "all", 1).pack()
    return [
        [Button(texts.plain(language, "privacy.yes_all"), data=yes)],
        [Button(texts.plain(language, "privacy.details"), url=link)],
    ]


def choices(
    texts: Texts, language: str, *, community: str, community_id: int, chosen: Mapping[str, bool], days: int
) -> Outgoing:
    """Every purpose with its state; a press turns it over."""
    rows = [
        [
            Button(
                f"{'✅' if chosen[purpose] else '▫️'} {texts.plain(language, f'privacy.purpose.{purpose}')}",
                data=ConsentButton(community_id, purpose, int(not chosen[purpose])).pack(),
            )
        ]
        for purpose in PURPOSES
    ]
    everything = [("yes_everything", 1), ("no_everything", 0)]
    rows += [
        [Button(texts.plain(language, f"privacy.{key}"), data=ConsentButton(community_id, "all", given).pack())]
        for key, given in everything
    ]
    return Outgoing(texts.say(language, "privacy.private", community=community, days=days), rows)
