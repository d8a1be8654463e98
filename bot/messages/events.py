"""An event as its card, as a preview, in lists; and how a line that made no event is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from html import escape
from urllib.parse import quote_plus

from bot.callbacks import EventButton, RsvpButton, SkipButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.times import day, moment, when
from bot.texts import Safe, Texts
from bot.texts.render import tidy
from models.domain.event_cards import EventView
from models.domain.event_draft import EventLineProblem
from models.domain.seats import Answered
from models.domain.turnout import Forecast
from models.tables.event import Rsvp

# Where a place is looked up; Google's maps are not reachable from mainland China.
MAPS = {
    "en": "https://www.google.com/maps/search/?api=1&query={place}",
    "zh": "https://uri.amap.com/search?keyword={place}",
}

# What hosts may change, in the order in which they are asked for it.
FIELDS = ("title", "when", "place", "link", "capacity", "plus_ones", "rsvp_until", "description")
# Questions that may be left out.
SKIPPABLE = frozenset({"place", "capacity", "description", "rsvp_until", "link"})


def card(texts: Texts, language: str, view: EventView) -> Outgoing:
    """The event in the group, with counts, names and the buttons that answer it."""
    return Outgoing(
        lines(*about(texts, language, view), "", *_standing(texts, language, view)), _rows(texts, language, view)
    )


def preview(texts: Texts, language: str, view: EventView) -> Outgoing:
    """What the card will look like, for its creator."""
    row = [
        Button(texts.plain(language, f"events.{action}"), data=EventButton(action, view.id).pack())
        for action in ("publish", "edit", "drop")
    ]
    text = lines(
        texts.say(language, "events.preview"),
        "",
        *about(texts, language, view),
        _seats_line(texts, language, view),
        "",
        texts.say(language, "events.preview_footer"),
    )
    return Outgoing(text, [row])


def explain(texts: Texts, language: str, *, link: str) -> Outgoing:
    """/event alone: the line to write, and the way to the questions in private."""
    button = Button(texts.plain(language, "events.guided"), url=link)
    return Outgoing(texts.say(language, "events.explain"), [[button]])


def problem(texts: Texts, language: str, found: EventLineProblem, *, zone: str) -> Safe:
    """The one thing to ask about a line that made no event."""
    values: dict[str, str] = {"part": found.part, "example": texts.plain(language, "events.example")}
    if found.understood_at is not None:
        values["when"] = moment(texts, language, found.understood_at, zone, has_year=True)
    code: str = found.code
    if found.day is not None:
        values["day"] = day(texts, language, datetime.combine(found.day, time(), UTC))
        code = "no_time_on_day" if code == "no_time" else code
    return texts.say(language, f"events.problem.{code}", **values)


def answered(texts: Texts, language: str, result: Answered) -> str:
    """The presser's own standing, as the answer to the press."""
    if result.status == "waitlisted":
        return texts.plain(language, "events.you_waitlisted", n=result.position)
    if result.status == "going" and result.guests:
        return texts.plain(language, "events.you_going_guests", n=result.guests)
    return texts.plain(language, f"events.you_{result.status}")


def listed(
    texts: Texts,
    language: str,
    views: Sequence[EventView],
    *,
    link: str | None = None,
    own: Mapping[int, Rsvp] | None = None,
) -> Outgoing:
    """What is coming up, short; with `own`, the reader's answers and a button for each event."""
    if not views:
        return Outgoing(texts.say(language, "events.list_empty"))
    parts: list[Safe | str] = [texts.say(language, "events.list_title")]
    for number, view in enumerate(views, start=1):
        parts += ["", *_entry(texts, language, view, number, own)]
    rows = [[Button(texts.plain(language, "events.list_private"), url=link)]] if link else []
    if own is not None:
        rows = [
            [Button(f"{number}. {view.title}"[:60], data=EventButton("show", view.id).pack())]
            for number, view in enumerate(views, start=1)
        ]
    return Outgoing(lines(*parts), rows)


def _entry(texts: Texts, language: str, view: EventView, number: int, own: Mapping[int, Rsvp] | None) -> list[Safe]:
    title = Safe(f"{number}. {texts.say(language, 'events.list_item', title=view.title)}")
    facts = [when(texts, language, view.starts_at, view.ends_at, view.time_zone), _seats_left(texts, language, view)]
    if view.place:
        facts.insert(1, texts.say(language, "events.place", place=view.place))
    answer = standing(texts, language, own[view.id]) if own and view.id in own else None
    return [title, Safe(" · ".join(facts)), *([Safe(answer)] if answer else [])]


def standing(texts: Texts, language: str, rsvp: Rsvp, *, position: int | None = None) -> str | None:
    """A member's own answer in one short sentence; None when there is nothing to say."""
    if rsvp.status == "going" and rsvp.guests:
        return texts.plain(language, "events.you_going_guests", n=rsvp.guests)
    if rsvp.status == "waitlisted":
        return (
            texts.plain(language, "events.you_waitlisted_short", n=position)
            if position
            else texts.plain(language, "events.waitlist", n="")
        )
    known = {"going": "you_going", "maybe": "you_maybe", "not_going": "you_not_going", "lapsed": "you_lapsed"}
    return texts.plain(language, f"events.{known[rsvp.status]}") if rsvp.status in known else None


def _seats_left(texts: Texts, language: str, view: EventView) -> Safe:
    if view.n_free is None:
        return texts.say(language, "events.list_item_going", n=view.n_going)
    if view.n_free == 0:
        return texts.say(language, "events.list_item_full", n=view.n_waitlisted)
    return texts.say(language, "events.list_item_seats", n=view.n_free)


def about(texts: Texts, language: str, view: EventView) -> list[Safe | str]:
    """Title, time, place, hosts and description: what holds whoever comes."""
    parts: list[Safe | str] = [texts.say(language, "events.list_item", title=view.title)]
    if view.status == "cancelled":
        parts.insert(0, texts.say(language, "events.cancelled"))
    parts.append(Safe(f"🗓 {when(texts, language, view.starts_at, view.ends_at, view.time_zone, has_year=True)}"))
    if view.repeats:
        key = f"events.repeats.{view.repeats['every']}"
        parts.append(texts.say(language, key, n=view.repeats["interval"]))
    parts += _where(texts, language, view)
    if view.hosts:
        parts.append(texts.say(language, "events.hosted_by", hosts=", ".join(view.hosts)))
    if view.description:
        parts += ["", *(Safe(escape(tidy(line), quote=False)) for line in view.description.splitlines())]
    return parts


def _where(texts: Texts, language: str, view: EventView) -> list[Safe]:
    found: list[Safe] = []
    if view.place:
        place = texts.say(language, "events.place", place=view.place)
        address = Safe(escape(MAPS.get(language, MAPS["en"]).format(place=quote_plus(view.place))))
        found.append(
            place if view.link else texts.say(language, "events.place_link", place=view.place, address=address)
        )
    if view.link:
        found.append(texts.say(language, "events.link", link=view.link))
    return found


def _standing(texts: Texts, language: str, view: EventView) -> list[Safe]:
    """Who comes so far, and what holds for answers."""
    parts = [_seats_line(texts, language, view)]
    if view.names:
        n_more = view.n_going - len(view.names)
        names = ", ".join(view.names)
        key = "events.names_more" if n_more > 0 else "events.names"
        parts.append(texts.say(language, key, names=names, n=n_more))
    if view.is_over and view.status == "published":
        parts.append(texts.say(language, "events.over"))
    elif view.is_closed and view.status == "published":
        parts.append(texts.say(language, "events.closed"))
    elif view.rsvp_until and view.status == "published":
        until = when(texts, language, view.rsvp_until, None, view.time_zone)
        parts.append(texts.say(language, "events.rsvp_until", when=until))
    return parts


def _seats_line(texts: Texts, language: str, view: EventView) -> Safe:
    going = texts.say(language, "events.going", n=view.n_going)
    if view.capacity is not None:
        going = texts.say(language, "events.going_of", n=view.n_going, capacity=view.capacity)
    counts = [going]
    counts += [texts.say(language, "events.maybe", n=view.n_maybe)] if view.n_maybe else []
    counts += [texts.say(language, "events.waitlist", n=view.n_waitlisted)] if view.n_waitlisted else []
    return Safe(" · ".join(counts))


def answer_row(texts: Texts, language: str, event_id: int) -> list[Button]:
    """Going, maybe, can't."""
    return [
        Button(texts.plain(language, f"events.button_{status}"), data=RsvpButton(event_id, status).pack())
        for status in ("going", "maybe", "not_going")
    ]


def _rows(texts: Texts, language: str, view: EventView) -> list[list[Button]]:
    if view.status != "published" or view.is_over:
        return []
    second = [
        Button(texts.plain(language, "events.button_remind"), data=EventButton("open", view.id).pack()),
        Button(texts.plain(language, "events.button_manage"), data=EventButton("manage", view.id).pack()),
    ]
    if view.plus_ones:
        second.insert(0, Button(texts.plain(language, "events.button_guest"), data=RsvpButton(view.id, "guest").pack()))
    return [answer_row(texts, language, view.id), second]


def private_view(
    texts: Texts,
    language: str,
    view: EventView,
    *,
    own: str | None,
    links: Sequence[tuple[str, str]] = (),
    has_ticket: bool = False,
) -> Outgoing:
    """One event in private: everything the card says, the reader's own standing, and links that add it to a calendar."""
    text = lines(
        *about(texts, language, view),
        "",
        *_standing(texts, language, view),
        *(["", Safe(f"<b>{own}</b>")] if own else []),
    )
    if view.status != "published" or view.is_over:
        return Outgoing(text)
    file = Button(texts.plain(language, "calendars.file"), data=EventButton("file", view.id).pack())
    calendars = [file, *(Button(label, url=address) for label, address in links)]
    rows = [answer_row(texts, language, view.id), calendars]
    if has_ticket:
        rows.append([Button(texts.plain(language, "check_ins.ticket"), data=EventButton("ticket", view.id).pack())])
    return Outgoing(text, rows)


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
    expected = None
    if forecast is not None and view.status == "published" and not view.is_over:
        numbers = {"n": round(forecast.expected), "low": forecast.low, "high": forecast.high}
        expected = texts.say(language, "events.forecast", **numbers)
    text = lines(
        texts.say(language, "events.manage_title"),
        "",
        *about(texts, language, view),
        "",
        *_standing(texts, language, view),
        expected,
    )
    fields = [
        Button(texts.plain(language, f"events.field.{name}"), data=EventButton(f"set_{name}", view.id).pack())
        for name in FIELDS
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
    always = [button("check_ins.open", "check_in"), button("events.tool.export", "export")]
    return [before, [*always, button("events.tool.clone", "clone")]]


def cancel_question(texts: Texts, language: str, view: EventView) -> Outgoing:
    """Calling an event off is asked twice."""
    row = [
        Button(texts.plain(language, "events.manage_cancel_sure"), data=EventButton("cancel_sure", view.id).pack()),
        Button(texts.plain(language, "events.manage_keep"), data=EventButton("manage_here", view.id).pack()),
    ]
    return Outgoing(texts.say(language, "events.cancel_question", title=view.title), [row])
