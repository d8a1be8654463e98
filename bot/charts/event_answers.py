"""The part of an event's picture that shows when people answered, and what happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.charts.board import Board
from bot.charts.theme import AMBER, BLUE, CORAL, INK, LABEL, LINE, MARGIN, MUTED, NOTE, TEAL, WIDTH
from bot.messages.times import day_without_weekday
from bot.texts import Voice
from models.domain.events.answer_times import AnswerTimes
from models.domain.events.summaries import Summary

# Pixels: all of it, and from its top to the tops and feet of the bars.
HEIGHT, TOP, FOOT = 396, 116, 276
# Signs stand above the bars; those that would hide one another a row higher.
SIGNS, SIGN, ROW = 30, 20, 26
# Room for the numbers at the left.
AXIS = 56
MOST_LABELS = 6


@dataclass(frozen=True)
class Mark:
    """Something that happened: told by its shape as well as by its colour."""

    name: str
    at: datetime
    shape: str
    colour: str


def marks(summary: Summary) -> list[Mark]:
    """What is known of the time before the start."""
    first_mark = [Mark("posted", summary.posted_at, "o", AMBER)] if summary.posted_at else []
    first_mark += [Mark("invited", summary.invited_at, "D", BLUE)] if summary.invited_at else []
    first_mark += [Mark("reminded", at, "^", CORAL) for at in summary.reminded_at]
    return [*first_mark, Mark("start", summary.starts_at, "s", INK)]


def draw(board: Board, voice: Voice, times: AnswerTimes, summary: Summary, *, top: float) -> None:
    """Bars from nothing up, their numbers at the left, times below, and signs for what happened."""
    board.write(MARGIN, top + 30, voice.plain(f"charts.answers.{times.unit}"), LABEL)
    if times.unit == "hour":
        days = dict.fromkeys(day_without_weekday(voice, at.astimezone(voice.zone)) for at in times.edges[:-1])
        ends = dict.fromkeys([next(iter(days)), next(reversed(days))])
        board.write(WIDTH - MARGIN, top + 30, " – ".join(ends), NOTE, colour=MUTED, align="right")
    left, room = MARGIN + AXIS, WIDTH - 2 * MARGIN - AXIS
    step = tick_step(max(times.counts))
    highest = max(step, -(-max(times.counts) // step) * step)
    for n in range(0, highest + 1, step):
        y = top + FOOT - (FOOT - TOP) * n / highest
        board.line(left, y, left + room, y, LINE)
        board.write(left - 16, y + 11, str(n), NOTE, colour=MUTED, align="right")
    box = room / len(times.counts)
    thickness = min(box * 0.72, 64)
    for index, n in enumerate(times.counts):
        height = (FOOT - TOP) * n / highest
        x = left + (index + 0.5) * box - thickness / 2
        board.bar(x, top + FOOT - height, thickness, height, TEAL, radius=5)
    _times(board, voice, times, left=left, box=box, y=top + FOOT + 42)
    _signs(board, voice, times, summary, left=left, box=box, top=top)


def tick_step(most: int) -> int:
    """A round number of people between two lines, so that there are two to four: 1, 2, 5, 10, 20, 50 ..."""
    scale = 1
    while True:
        for digit in (1, 2, 5):
            if most <= 4 * digit * scale:
                return digit * scale
        scale *= 10


def labels(voice: Voice, times: AnswerTimes) -> list[tuple[int, str]]:
    """(box, words): days by their date, hours by the clock, midnight by its date; evenly, and not too many."""
    starts = [edge.astimezone(voice.zone) for edge in times.edges[:-1]]
    if times.unit != "hour":
        apart = -(-len(starts) // MOST_LABELS)
        return [(index, day_without_weekday(voice, starts[index])) for index in range(0, len(starts), apart)]
    apart = next(n for n in (1, 2, 3, 6, 12, 24) if n == 24 or len(starts) <= n * MOST_LABELS)
    return [
        (index, f"{at:%H:%M}" if at.hour else day_without_weekday(voice, at))
        for index, at in enumerate(starts)
        if at.hour % apart == 0
    ]


def _times(
    board: Board,
    voice: Voice,
    times: AnswerTimes,
    *,
    left: float,
    box: float,
    y: float,
) -> None:
    for index, words in labels(voice, times):
        # An hour's name stands where it begins, a day's below its bar.
        x = left + (index + (0 if times.unit == "hour" else 0.5)) * box
        half = board.width_of(words, NOTE) / 2
        board.write(min(max(x, MARGIN + half), WIDTH - MARGIN - half), y, words, NOTE, colour=MUTED, align="center")


def _signs(
    board: Board,
    voice: Voice,
    times: AnswerTimes,
    summary: Summary,
    *,
    left: float,
    box: float,
    top: float,
) -> None:
    """Signs above the bars, and below the times what each means; what lies outside is not shown."""
    marks_placed = [(mark, place) for mark in marks(summary) if (place := times.position(mark.at)) is not None]
    places_used: list[float] = []
    for mark, place in marks_placed:
        x = left + place * box
        y = top + TOP - SIGNS - ROW * any(x - other < SIGN + 4 for other in places_used[-1:])
        places_used.append(x if y == top + TOP - SIGNS else -WIDTH)
        board.line(x, y + SIGN / 2, x, top + FOOT, mark.colour)
        board.sign(x, y, mark.shape, mark.colour, size=SIGN)
    x = float(MARGIN)
    for mark in {mark.name: mark for mark, _ in marks_placed}.values():
        board.sign(x + 12, top + HEIGHT - 21, mark.shape, mark.colour)
        words = voice.plain(f"charts.mark.{mark.name}")
        x += 34 + board.write(x + 34, top + HEIGHT - 10, words, NOTE, colour=MUTED) + 36
