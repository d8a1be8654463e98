"""The report that admins read: what came of things, against the weeks before, and what is needed, offered and missing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.outgoing import Outgoing, lines
from bot.messages.times import day
from bot.texts import Safe, Voice
from models.domain.reports.demand import FieldDemand
from models.domain.reports.outcomes import Comparison, Way


def report(voice: Voice, comparison: Comparison, fields: Sequence[FieldDemand], *, community: str) -> Outgoing:
    """Counts alone; what is too few for a number is left out, and said once to be."""
    until = day(voice, comparison.span.until)
    text = lines(
        voice.say("stats.title", community=community),
        voice.say("stats.weeks", n=comparison.n_weeks, until=until),
        "",
        voice.say("stats.came_of"),
        *(_outcomes(voice, comparison) or [voice.say("stats.too_few")]),
        "",
        voice.say("stats.by_field"),
        *([_field(voice, one) for one in fields] or [voice.say("stats.too_few")]),
        "",
        voice.say("stats.how"),
    )
    return Outgoing(text)


def _outcomes(voice: Voice, comparison: Comparison) -> list[Safe]:
    now, before = comparison.now, comparison.before
    posted = ("posted", now.n_posted, before.n_posted)
    matched = ("matched", now.n_matched, before.n_matched)
    found_here = ("found_here", now.n_found_here, before.n_found_here)
    brought = ("brought", now.n_brought, before.n_brought)
    taken_up = ("taken_up", now.n_taken_up, before.n_taken_up)
    rows = [
        *((f"way.{way.kind}", _stages(way, then)) for way, then in zip(now.ways, before.ways, strict=True)),
        ("listings", [posted, matched, found_here]),
        ("questions", [brought, taken_up]),
    ]
    return [line for name, stages in rows if (line := _line(voice, name, stages)) is not None]


def _stages(way: Way, before: Way) -> list[tuple[str, int | None, int | None]]:
    return [
        ("asked", way.n_asked, before.n_asked),
        ("introduced", way.n_introduced, before.n_introduced),
        ("met", way.n_met, before.n_met),
        ("helped", way.n_helped, before.n_helped),
    ]


def _line(voice: Voice, name: str, stages: Sequence[tuple[str, int | None, int | None]]) -> Safe | None:
    """One row of stages; each with what it was before, where that may be told. None: none may be told."""
    parts = [
        voice.say(f"stats.stage.{stage}", n=n)
        if before is None
        else Safe(f"{voice.say(f'stats.stage.{stage}', n=n)}{voice.say('stats.before', n=before)}")
        for stage, n, before in stages
        if n is not None
    ]
    return voice.say(f"stats.row.{name}", stages=Safe(" · ".join(parts))) if parts else None


def _field(voice: Voice, one: FieldDemand) -> Safe:
    parts = [
        voice.say(f"stats.{name}", n=n)
        for name, n in (("need", one.n_needing), ("offer", one.n_offering), ("unanswered", one.n_unanswered))
        if n is not None
    ]
    if one.is_missing:
        parts.append(voice.say("stats.missing"))
    return voice.say("stats.field", field=voice.plain(f"field.{one.field.value}"), what=Safe(" · ".join(parts)))
