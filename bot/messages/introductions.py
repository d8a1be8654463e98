"""Staying in touch in words: lists to pick from, the nameless question, and the message that passes two names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bot.callbacks import AgreeButton, AskedButton, PickButton, WhomButton
from bot.messages import controls
from bot.messages.event_notices import mention
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.introductions.staying_in_touch import Pick
from models.tables.event import Event
from models.tables.member import Member

# The lists of PickButton.which, as their texts are called.
LISTS = ("met", "missed", "all")
MARKS: Mapping[Pick | None, str] = {None: "▫️", "picked": "💚", "introduced": "🤝"}
# Names on one page; Telegram shows at most 100 buttons.
PAGE = 24


def name_button(mark: str, member: Member, data: str) -> Button:
    """A person as a button; names are members' own words and may hold anything."""
    return Button(f"{mark} {tidy(member.name)}"[:60], data=data)


def in_twos(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    """Two names a row."""
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def people(
    voice: Voice,
    event: Event,
    others: Sequence[Member],
    picks: Mapping[int, Pick],
    *,
    which: int,
    page: int,
) -> Outgoing:
    """One list to pick from; a tap picks, another takes it back."""
    page = page if page * PAGE < len(others) else 0
    names = [
        name_button(MARKS[picks.get(one.id)], one, PickButton(event.id, one.id, which, page).pack())
        for one in others[page * PAGE : (page + 1) * PAGE]
    ]
    pages = [
        Button(label, data=PickButton(event.id, 0, which, other).pack())
        for label, other in (("‹", page - 1), ("›", page + 1))
        if 0 <= other * PAGE < len(others)
    ]
    key = f"introductions.list.{LISTS[which]}" if others else "introductions.nobody"
    back = [Button(voice.plain("events.back"), data=WhomButton(event.id, 0, 0).pack())]
    return Outgoing(voice.say(key, title=event.title), [*in_twos(names), pages, back])


def ways_on(voice: Voice, event: Event, *, has_met: bool, has_missed: bool) -> list[Button]:
    """Below "whom did you meet?": the lists that have somebody in them."""
    lists = (("stay", 0, has_met), ("missed", 1, has_missed))
    return [
        Button(voice.plain(f"introductions.{key}"), data=PickButton(event.id, 0, which, 0).pack())
        for key, which, is_there in lists
        if is_there
    ]


def needs_consent(voice: Voice, event: Event, *, which: int) -> Outgoing:
    """Without a yes to introductions nobody is introduced; one tap gives it."""
    yes = Button(voice.plain("introductions.agree"), data=AgreeButton(event.id, which).pack())
    back = Button(voice.plain("events.back"), data=WhomButton(event.id, 0, 0).pack())
    return Outgoing(voice.say("introductions.consent"), [[yes], [back]])


def question(voice: Voice, event: Event, *, recommendation_id: int) -> Outgoing:
    """Somebody would like to stay in touch; yes opens the reader's own list."""
    answers = [
        Button(voice.plain(f"introductions.{key}"), data=AskedButton(event.id, is_yes).pack())
        for key, is_yes in (("yes", 1), ("no", 0))
    ]
    rows = [answers, controls.last_row(voice, recommendation_id)]
    return Outgoing(voice.say("introductions.question", title=event.title), rows)


def introduction(voice: Voice, event: Event | None, other: Member, *, have_met: bool) -> Outgoing:
    """Two picked each other: the name, and a way to write to them."""
    key = "introductions.both_stay" if have_met else "introductions.both_missed"
    return Outgoing(voice.say(key, person=person(other), title=event.title if event else "?"))


def person(member: Member) -> Safe:
    """A name that leads to the person: by the handle, which anybody can open, else by the id, which clients know."""
    if not member.handle:
        return mention(member)
    name = escape(tidy(member.name), quote=False)
    handle = escape(member.handle)
    return Safe(f'<b>{name}</b> (<a href="https://t.me/{handle}">@{handle}</a>)')
