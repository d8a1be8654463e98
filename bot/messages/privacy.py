"""What is kept, and the choices: in the group one tap, in private one by one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.callbacks import ConsentButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Voice
from models.tables.consent import Purpose


def consent_notice(voice: Voice, *, community: str, community_id: int, link: str, days: int) -> Outgoing:
    """The friendly question in the group; one tap is enough, the link leads to the single choices."""
    return Outgoing(
        lines(
            voice.say("privacy.notice_title", community=community),
            voice.say("privacy.notice"),
            "",
            voice.say("privacy.group", days=days),
        ),
        _ask(voice, community_id, link),
    )


def kept_here(voice: Voice, *, community_id: int, link: str, days: int) -> Outgoing:
    """/privacy in a group."""
    return Outgoing(voice.say("privacy.group", days=days), _ask(voice, community_id, link))


def _ask(voice: Voice, community_id: int, link: str) -> list[list[Button]]:
    yes = ConsentButton(community_id, "all", 1).pack()
    return [
        [Button(voice.plain("privacy.yes_all"), data=yes)],
        [Button(voice.plain("privacy.details"), url=link)],
    ]


def choices(voice: Voice, *, community: str, community_id: int, chosen: Mapping[Purpose, bool], days: int) -> Outgoing:
    """Every purpose with its state; a press turns it over."""
    rows = [
        [
            Button(
                f"{'✅' if chosen[purpose] else '▫️'} {voice.plain(f'privacy.purpose.{purpose}')}",
                data=ConsentButton(community_id, purpose, int(not chosen[purpose])).pack(),
            )
        ]
        for purpose in Purpose
    ]
    everything = [("yes_everything", 1), ("no_everything", 0)]
    rows += [
        [Button(voice.plain(f"privacy.{key}"), data=ConsentButton(community_id, "all", given).pack())]
        for key, given in everything
    ]
    return Outgoing(voice.say("privacy.private", community=community, days=days), rows)
