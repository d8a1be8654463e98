"""What hosts see of their event: the menu, the questions, the tools."""

from __future__ import annotations

from urllib.parse import quote

from bot.callbacks import EventButton, SkipButton
from bot.messages.event_clocks import by_event_clock
from bot.messages.events import about, standing_lines, unlisted_line
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import day
from bot.texts import Safe, Voice
from models.domain.events.cards import EventView
from models.domain.invitations.turnout import Forecast
from models.tables.event import Event, EventStatus

# What hosts may change, in the order in which they are asked for it.
FIELDS = ("title", "when", "place", "link", "capacity", "plus_ones", "rsvp_until", "description", "picture")
# Questions that may be left out.
SKIPPABLE = frozenset({"place", "capacity", "description", "rsvp_until", "link", "picture"})


def question(voice: Voice, step: str, *, is_published: bool = False) -> Outgoing:
    """One question in private, with a way around it where it may be left out."""
    # Telegram exchanges a message's picture but never takes it away.
    stays = step == "picture" and is_published
    skip = (
        Button(voice.plain(f"events.skip_{step}"), data=SkipButton(step).pack())
        if step in SKIPPABLE and not stays
        else None
    )
    text = lines(
        voice.say(f"events.ask.{step}"),
        voice.say("events.picture_stays") if stays else None,
        voice.say("events.ask.cancel_hint"),
    )
    return Outgoing(text, [[skip]] if skip else [])


def co_host_question(voice: Voice, event: Event, *, link: str) -> Outgoing:
    """Who shall be a co-host: a handle as the answer, or a link to pass on."""
    message = question(voice, "co_host")
    words = voice.plain("events.co_host_share", title=event.title)
    # Telegram's own address for passing something on: it asks to whom.
    address = f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(words, safe='')}"
    return Outgoing(message.text, [[Button(voice.plain("events.co_host_link"), url=address)], *message.rows])


def management(voice: Voice, view: EventView, *, forecast: Forecast | None = None) -> Outgoing:
    """The event as its hosts see it, how many to expect, and what can be done: a draft's fields, or the tools."""
    expectation = hope = None
    if forecast is not None and view.status == EventStatus.PUBLISHED and not view.is_over:
        numbers = {"n": round(forecast.mean), "low": forecast.low, "high": forecast.high}
        # "About 0 will come" helps nobody.
        expectation = voice.say("events.forecast", **numbers) if forecast.high else None
        if round(forecast.may_add):
            more = {"n": forecast.n_open, "more": round(forecast.may_add)}
            hope = voice.say("events.forecast_open", **more)
    text = lines(_text(voice, view), expectation, hope)
    if view.status == EventStatus.CANCELLED:
        return Outgoing(text)
    if view.status == EventStatus.DRAFT:
        row = [_button(voice, view, f"events.{action}", action) for action in ("publish", "drop")]
        return Outgoing(text, [*_fields(voice, view), row])
    return Outgoing(text, _tools(voice, view))


def editing(voice: Voice, view: EventView) -> Outgoing:
    """The second page of a published event: everything about it that can be changed."""
    back = _button(voice, view, "events.back", "manage_here")
    return Outgoing(_text(voice, view), [*_fields(voice, view), [back]])


def _text(voice: Voice, view: EventView) -> Safe:
    return lines(
        voice.say("events.manage_title"),
        "",
        *about(voice, view),
        "",
        *standing_lines(voice, view),
        unlisted_line(voice, view),
    )


def _button(voice: Voice, view: EventView, key: str, action: str) -> Button:
    return Button(voice.plain(key), data=EventButton(action, view.id).pack())


def _fields(voice: Voice, view: EventView) -> list[list[Button]]:
    """What the card says, who sees what of it, and how it repeats."""

    def button(key: str, action: str) -> Button:
        return _button(voice, view, key, action)

    fields = [button(f"events.field.{name}", f"set_{name}") for name in FIELDS]
    rows = [fields[start : start + 3] for start in range(0, len(fields), 3)]
    rows.append([button(f"events.tool.{'hide' if view.shows_names else 'show'}_names", "names")])
    rows.append([button(f"events.tool.{'list' if view.is_unlisted else 'unlist'}", "visibility")])
    if view.repeats and view.status == EventStatus.PUBLISHED:
        rows.append([button("events.manage_lead_series", "lead_series")])
    if view.repeats:
        rows.append([button("events.manage_stop_series", "stop_series")])
    return rows


def _answers(voice: Voice, view: EventView) -> Button:
    """Close, or take answers again."""
    return _button(
        voice, view, *(("events.tool.reopen", "reopen") if view.is_closed else ("events.tool.close", "close"))
    )


def _tools(voice: Voice, view: EventView) -> list[list[Button]]:
    """What hosts do with a published event, two in a row so that a phone shows their names; fewer after it is over."""

    def button(key: str, action: str) -> Button:
        return _button(voice, view, key, action)

    buttons = [button("events.tool.export", "export"), button("events.tool.clone", "clone")]
    check_in = button("check_ins.open", "check_in")
    if view.is_over:
        return [[button("event_ratings.summary", "summary"), check_in], buttons]
    return [
        [button("events.edit", "edit_here"), check_in],
        [button("events.tool.message", "message")],
        [button("events.tool.co_host", "co_host"), _answers(voice, view)],
        buttons,
        [button("events.manage_cancel", "cancel")],
    ]


def cancel_question(voice: Voice, view: EventView) -> Outgoing:
    """Calling an event off is asked twice."""
    row = [
        _button(voice, view, "events.manage_cancel_sure", "cancel_sure"),
        _button(voice, view, "events.manage_keep", "manage_here"),
    ]
    return Outgoing(voice.say("events.cancel_question", title=view.title), [row])


def cancel_which(voice: Voice, view: EventView) -> Outgoing:
    """Of a series: this one, or all that are coming?"""
    day_ = day(voice, view.starts_at.astimezone(by_event_clock(voice, view).zone))
    one = Button(voice.plain("events.manage_cancel_one", day=day_), data=EventButton("cancel_sure", view.id).pack())
    every = _button(voice, view, "events.manage_cancel_all", "cancel_all")
    keep = _button(voice, view, "events.manage_keep", "manage_here")
    return Outgoing(voice.say("events.cancel_which", title=view.title, day=day_), [[one], [every], [keep]])
