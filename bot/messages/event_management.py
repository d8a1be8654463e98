"""What hosts see of their event: the menu, the questions, the tools."""

from __future__ import annotations

from bot.callbacks import EventButton, SkipButton
from bot.messages.events import about, standing_lines
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Texts
from models.domain.event_cards import EventView
from models.domain.turnout import Forecast

# What hosts may change, in the order in which they are asked for it.
FIELDS = ("title", "when", "place", "link", "capacity", "plus_ones", "rsvp_until", "description")
# Questions that may be left out.
SKIPPABLE = frozenset({"place", "capacity", "description", "rsvp_until", "link", "picture"})


def question(texts: Texts, language: str, step: str) -> Outgoing:
    """One question in private, with a way around it where it may be left out."""
    skip = (
        Button(texts.plain(language, f"events.skip_{step}"), data=SkipButton(step).pack())
        if step in SKIPPABLE
        else None
    )
    text = lines(texts.say(language, f"events.ask.{step}"), texts.say(language, "events.ask.cancel_hint"))
    return Outgoing(text, [[skip]] if skip else [])


def management(texts: Texts, language: str, view: EventView, *, forecast: Forecast | None = None) -> Outgoing:
    """What its hosts may change about an event, and how many to expect."""
    expected = hoped = None
    if forecast is not None and view.status == "published" and not view.is_over:
        numbers = {"n": round(forecast.expected), "low": forecast.low, "high": forecast.high}
        expected = texts.say(language, "events.forecast", **numbers)
        if round(forecast.may_add):
            more = {"n": forecast.n_open, "more": round(forecast.may_add)}
            hoped = texts.say(language, "events.forecast_open", **more)
    text = lines(
        texts.say(language, "events.manage_title"),
        "",
        *about(texts, language, view),
        "",
        *standing_lines(texts, language, view),
        expected,
        hoped,
    )
    # A message that was sent without a photo stays one without.
    names = (*FIELDS, "picture") if view.status == "draft" else FIELDS
    fields = [
        Button(texts.plain(language, f"events.field.{name}"), data=EventButton(f"set_{name}", view.id).pack())
        for name in names
    ]
    rows = [fields[start : start + 3] for start in range(0, len(fields), 3)]
    if view.repeats:
        stop = EventButton("stop_series", view.id).pack()
        rows.append([Button(texts.plain(language, "events.manage_stop_series"), data=stop)])
    if view.status == "published":
        rows += _tools(texts, language, view)
    if view.status == "draft":
        rows.append([Button(texts.plain(language, "events.publish"), data=EventButton("publish", view.id).pack())])
    elif view.status == "published" and not view.is_over:
        rows.insert(
            -1, [Button(texts.plain(language, "events.manage_cancel"), data=EventButton("cancel", view.id).pack())]
        )
    if view.status == "cancelled":
        return Outgoing(text)
    return Outgoing(text, rows[-1:] if view.is_over else rows)


def _tools(texts: Texts, language: str, view: EventView) -> list[list[Button]]:
    """What hosts do with a published event; the last row also holds after it is over."""

    def button(key: str, action: str) -> Button:
        return Button(texts.plain(language, key), data=EventButton(action, view.id).pack())

    before = [button("events.tool.message", "message"), button("events.tool.co_host", "co_host")]
    before.append(button("events.tool.close", "close"))
    names = button(f"events.tool.{'hide' if view.shows_names else 'show'}_names", "names")
    always = [button("check_ins.open", "check_in"), button("events.tool.export", "export")]
    return [before, [names], [*always, button("events.tool.clone", "clone")]]


def cancel_question(texts: Texts, language: str, view: EventView) -> Outgoing:
    """Calling an event off is asked twice."""
    row = [
        Button(texts.plain(language, "events.manage_cancel_sure"), data=EventButton("cancel_sure", view.id).pack()),
        Button(texts.plain(language, "events.manage_keep"), data=EventButton("manage_here", view.id).pack()),
    ]
    return Outgoing(texts.say(language, "events.cancel_question", title=view.title), [row])
