"""Tables of event lines with their right readings, as text files: what is written beside a line, and whether a reading is it.

A line beginning with "now" sets wall clock, zone and language of the rows below. A row is `line => title | start | end |
place | seats | rhythm`, columns at the end may be missing. `-` is nothing, `?` anything, `a or b` either; `ask` alone means
that a question is the only right answer, `... or ask` that it is a right one too. Local times; a start without a year is of
the year of "now". Rhythms: week, week/2 (every other), month:1, month:-1 (last), with x6 (times) and <=2026-05-31 (last day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from models.reading.event_draft import EventDraft, EventLineProblem
from models.reading.event_lines import read_event_line
from models.reading.recurrence import Recurrence


@dataclass(frozen=True)
class Row:
    """A line, the clock it was written under, and what is right, column by column."""

    line: str
    right: str
    now: datetime
    zone: ZoneInfo
    language: str

    def read(self) -> EventDraft | EventLineProblem:
        """The line as the product reads it."""
        return read_event_line(self.line, now=self.now, zone=self.zone, language=self.language)

    @property
    def may_ask(self) -> bool:
        """Whether a question is right."""
        return self.right == "ask" or self.right.startswith("ask or ") or " or ask" in self.right

    def faults(self, read: EventDraft | EventLineProblem) -> list[str]:
        """The columns in which the reading is wrong; "asked" or "not asked" where a question is or is missing."""
        if isinstance(read, EventLineProblem):
            return [] if self.may_ask else ["asked"]
        if self.right == "ask":
            return ["not asked"]
        columns = [column.strip() for column in self.right.removeprefix("ask or ").split(" | ")]
        title, start, end, place, seats, rhythm = (columns + ["-"] * 6)[:6]
        found = {
            "title": (read.title, [title, *_either(title)]),
            "start": (self._said(read.starts_at), [self._full(one) for one in _either(start)]),
            "end": (self._said(read.ends_at), [self._full(one) for one in _either(end)]),
            "place": (read.place or "-", _either(place)),
            "seats": (str(read.capacity or "-"), _either(seats)),
            "rhythm": (self._rhythm(read.repeats), _either(rhythm)),
        }
        return [name for name, (said, right) in found.items() if said not in right and not any("?" in r for r in right)]

    def _said(self, at: datetime | None) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}" if at else "-"

    def _full(self, words: str) -> str:
        return f"{self.now.astimezone(self.zone):%Y}-{words}" if len(words) == 11 else words

    def _rhythm(self, rule: Recurrence | None) -> str:
        if rule is None:
            return "-"
        every = rule.every + (f"/{rule.interval}" if rule.interval > 1 else "")
        every += f":{rule.week_of_month}" if rule.week_of_month else ""
        every += f" x{rule.count}" if rule.count else ""
        return every + (f" <={rule.until.astimezone(self.zone):%Y-%m-%d}" if rule.until else "")


def _either(column: str) -> list[str]:
    return [one for one in column.split(" or ") if one != "ask"]


def rows_of(name: str) -> list[Row]:
    """Every row of a file beside this one."""
    rows: list[Row] = []
    now, zone, language = datetime.now(UTC), ZoneInfo("UTC"), "en"
    for written in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if written.startswith("now "):
            _, day, clock, key, language = written.split()
            zone = ZoneInfo(key)
            now = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)
        elif written and not written.startswith("#"):
            line, _, right = written.partition(" => ")
            rows.append(Row(line.replace("\\n", "\n"), right, now, zone, language))
    return rows
