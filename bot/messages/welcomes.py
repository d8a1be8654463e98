"""The one message to somebody new: what they said of themselves, one person, one event, one thread, and every way out."""

from __future__ import annotations

from datetime import datetime

from bot.callbacks import (
    EventButton,
    InquiryAction,
    InquiryButton,
    ListingAction,
    ListingButton,
    ProfileAction,
    ProfileButton,
)
from bot.messages import controls, listings, profiles
from bot.messages.event_clocks import by_event_clock
from bot.messages.introductions import person
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.messages.reasons import reason
from bot.messages.times import when
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.digests.validity import is_told_open
from models.domain.events.cards import EventView
from models.domain.welcomes.choice import Talk
from models.domain.welcomes.welcomes import Welcome
from models.tables.community import Community


def welcome(
    voice: Voice,
    welcome: Welcome,
    *,
    community: Community,
    event: EventView | None,
    recommendation_id: int,
    now: datetime,
) -> Outgoing:
    """All of it; `event` is how the chosen one stands. No age, since it may wait for the morning."""
    parts = [voice.say("welcomes.title", community=community.name)]
    rows: list[list[Button]] = []
    for text, buttons in (
        _lines(voice, welcome, community),
        _person(voice, welcome, now),
        _event(voice, welcome, event),
        _talk(voice, welcome.talk),
    ):
        parts += [Safe(""), text] if text else []
        rows += buttons
    return Outgoing(lines(*parts), [*rows, controls.last_row(voice, recommendation_id)])


# Characters of what they look for.
LONGEST_SEARCH = 100
Block = tuple[Safe | None, list[list[Button]]]
_NOTHING: Block = (None, [])


def _lines(voice: Voice, welcome: Welcome, community: Community) -> Block:
    """What they said of themselves, and a tap for each line."""
    if welcome.lines is None:
        return _NOTHING
    entries = [
        voice.say("profile.line", number=number, text=profiles.fact_line(voice, one))
        for number, one in enumerate(welcome.lines.facts, start=1)
    ]
    text = lines(voice.say("welcomes.lines"), *entries, voice.say("profile.found"), voice.say("profile.legend"))
    everything = ProfileButton(ProfileAction.CONFIRM_ALL, community.id).pack()
    rows = profiles.line_buttons(voice, welcome.lines)
    return text, [*rows, [Button(voice.plain("profile.confirm_all"), data=everything)]]


def _person(voice: Voice, welcome: Welcome, now: datetime) -> Block:
    if welcome.offer is not None:
        view, link = welcome.offer.view, listings.link_to(welcome.offer.address)
        title = listings.title(view)
        entry = (
            voice.say("welcomes.leading", text=title, link=link)
            if link
            else Safe(voice.say("welcomes.plain", text=title))
        )
        label = cut(f"{voice.plain(f'listings.help.{view.kind}')}: {title}", listings.LONGEST_LABEL)
        help_ = Button(label, data=ListingButton(ListingAction.HELP, view.id).pack())
        return voice.say("welcomes.offer", entry=entry, author=view.author), [[help_]]
    if welcome.candidate is not None:
        facts = [reason(voice, one, section="inquiries", now=now) for one in welcome.candidate.facts["asker"]]
        data = InquiryButton(InquiryAction.ASK, welcome.candidate.inquiry_id, welcome.candidate.position).pack()
        seeks = cut(tidy(welcome.arrival.seeks or ""), LONGEST_SEARCH)
        text = voice.say("welcomes.knower", seeks=seeks, facts=Safe(" · ".join(facts)))
        return text, [[Button(voice.plain("welcomes.ask"), data=data)]]
    if welcome.profile is not None:
        profile, field = welcome.profile
        facts = [profiles.fact_line(voice, one) for one in profile.facts]
        who, what = person(profile.member), voice.plain(f"field.{field}")
        return voice.say("welcomes.person", person=who, field=what, facts=Safe(" · ".join(facts))), []
    return _NOTHING


def _event(voice: Voice, welcome: Welcome, view: EventView | None) -> Block:
    if welcome.event is None or view is None:
        return _NOTHING
    start = when(by_event_clock(voice, view), view.starts_at, view.ends_at)
    place = voice.say("events.place", place=view.place) if view.place else None
    facts = Safe(" · ".join(filter(None, [start, place])))
    field = voice.plain(f"field.{welcome.event[1]}")
    label = cut(f"📅 {tidy(view.title)}", listings.LONGEST_LABEL)
    button = Button(label, data=EventButton("show", view.id).pack())
    return voice.say("welcomes.event", title=view.title, facts=facts, field=field), [[button]]


def _talk(voice: Voice, talk: Talk | None) -> Block:
    if talk is None:
        return _NOTHING
    link = listings.link_to(talk.address)
    entry = (
        voice.say("welcomes.leading", text=talk.title, link=link)
        if link
        else voice.say("welcomes.plain", text=talk.title)
    )
    key = "welcomes.question" if is_told_open(talk.talk) else "welcomes.answered"
    return voice.say(key, entry=entry, author=talk.author.name, field=voice.plain(f"field.{talk.field}")), []
