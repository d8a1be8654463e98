"""Which two are never introduced, or together in the next round: the page that admins alone see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import PairAction, PairButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.members.pair_rules import Entry
from models.domain.members.two_members import PairRefused
from models.tables.pair_rule import Decision

# Characters of a name on a button that has two.
LONGEST_NAME = 24


def page(voice: Voice, community_id: int, entries: Sequence[Entry], *, community: str, has_rounds: bool) -> Outgoing:
    """What holds, one button to take each back, and what can be added."""
    entries_by_number = list(enumerate(entries, start=1))
    text = lines(
        voice.say("pairs.title", community=community),
        voice.say("pairs.what"),
        *(line for decision in Decision for line in _list(voice, decision, entries_by_number)),
    )
    adding = [PairAction.NEVER, *([PairAction.MUST] if has_rounds else [])]
    return Outgoing(
        text,
        [
            *([_lift(voice, entry)] for entry in entries),
            [Button(voice.plain(f"pairs.button.{one}"), data=PairButton(one, community_id).pack()) for one in adding],
        ],
    )


def _list(voice: Voice, decision: Decision, entries: Sequence[tuple[int, Entry]]) -> list[Safe]:
    pairs = [
        voice.say("pairs.pair", n=n, one=tidy(entry.people[0].name), other=tidy(entry.people[1].name))
        for n, entry in entries
        if entry.decision == decision
    ]
    return [Safe(""), voice.say(f"pairs.{decision}"), *pairs] if pairs else []


def _lift(voice: Voice, entry: Entry) -> Button:
    one, other = (tidy(member.name)[:LONGEST_NAME] for member in entry.people)
    label = voice.plain("pairs.button.lift", one=one, other=other)
    return Button(label, data=PairButton(PairAction.LIFT, entry.rule_id).pack())


def refusal(voice: Voice, problem: PairRefused) -> Outgoing:
    """Why nothing was decided."""
    return Outgoing(voice.say(f"pairs.refused.{problem.code}", words=problem.words[:60]))
