"""What is kept, and the choices: in the group one tap, in private one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.callbacks import ConsentButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.tables.consent import Purpose

# Of those who came at once.
MOST_NAMES, LONGEST_NAME = 5, 30


def consent_notice(
    voices: Sequence[Voice], *, community: str, community_id: int, link: str, days: int, is_deaf: bool = False
) -> Outgoing:
    """The friendly question in the group, in one language or one after the other; one tap is enough, the link leads to the
    single choices. `is_deaf`: we may not hear the group yet, and say so at once."""
    texts = [
        lines(
            voice.say("privacy.notice_title", community=community),
            voice.say("privacy.notice"),
            "",
            voice.say("privacy.group", days=days),
            *(["", voice.say("privacy.notice_deaf")] if is_deaf else []),
        )
        for voice in voices
    ]
    return Outgoing(Safe("\n\n".join(texts)), _ask(voices, community_id, link))


def kept_here(voice: Voice, *, community_id: int, link: str, days: int) -> Outgoing:
    """/privacy in a group."""
    return Outgoing(voice.say("privacy.group", days=days), _ask([voice], community_id, link))


def welcome(voice: Voice, *, names: Sequence[str], community_id: int, link: str) -> Outgoing:
    """In the group, to those who came after it was asked; silent, because everybody reads it."""
    names_shown = [tidy(name)[:LONGEST_NAME] for name in names[:MOST_NAMES]]
    more = [voice.plain("events.names_more", n=len(names) - MOST_NAMES)] if len(names) > MOST_NAMES else []
    text = voice.say("privacy.welcome", names=voice.together([*names_shown, *more]))
    return Outgoing(text, _ask([voice], community_id, link), is_silent=True)


def asked_privately(
    voice: Voice, *, community: str, community_id: int, choices_made: Mapping[Purpose, bool], days: int
) -> Outgoing:
    """The same to one who can be written to: who we are there, and the single choices."""
    message = choices(voice, community=community, community_id=community_id, choices_made=choices_made, days=days)
    return replace(message, text=lines(voice.say("privacy.joined", community=community), "", message.text))


def _ask(voices: Sequence[Voice], community_id: int, link: str) -> list[list[Button]]:
    yes = ConsentButton(community_id, "all", 1).pack()
    first, others = voices[0], voices[1:]
    # The tick stands once.
    all_yes = " · ".join(
        [first.plain("privacy.yes_all"), *(one.plain("privacy.yes_all").lstrip("✅ ") for one in others)]
    )
    details = " · ".join(voice.plain("privacy.details") for voice in voices)
    return [[Button(all_yes, data=yes)], [Button(details, url=link)]]


def choices(
    voice: Voice, *, community: str, community_id: int, choices_made: Mapping[Purpose, bool], days: int
) -> Outgoing:
    """Every purpose with its state; a press turns it over."""
    rows = [
        [
            Button(
                f"{'✅' if choices_made[purpose] else '▫️'} {voice.plain(f'privacy.purpose.{purpose}')}",
                data=ConsentButton(community_id, purpose, int(not choices_made[purpose])).pack(),
            )
        ]
        for purpose in Purpose
    ]
    everything = [("yes_everything", 1), ("no_everything", 0)]
    rows += [
        [Button(voice.plain(f"privacy.{key}"), data=ConsentButton(community_id, "all", is_given).pack())]
        for key, is_given in everything
    ]
    return Outgoing(voice.say("privacy.private", community=community, days=days), rows)
