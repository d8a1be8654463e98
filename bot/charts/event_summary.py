"""What came of an event, as one picture for its hosts: the funnel, when people answered, the stars."""

from __future__ import annotations

from dataclasses import dataclass

from bot.charts import event_answers
from bot.charts.board import Board
from bot.charts.theme import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    NOTE,
    NUMBER,
    TEAL,
    TITLE,
    TRACK,
    WIDTH,
    readable,
)
from bot.messages.times import moment
from bot.texts import Voice
from models.domain.events.answer_times import answer_times
from models.domain.events.summaries import Summary

ROOM = WIDTH - 2 * MARGIN
TITLE_LINES = 2
# Of fewer a percentage only pretends to say more.
FEWEST_PERCENT = 10
# Heights in pixels.
STEP, BAR, STAR_ROW, GAP = 104, 26, 44, 44
TITLE_ROW = 66
COLOURS = {"invited": BLUE, "going": TEAL, "came": GREEN, "liked": AMBER}


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many, and which part of whom is told beside it (None: of nobody in particular)."""

    name: str
    n: int
    part: tuple[int, int] | None = None
    n_guests: int = 0


def steps(summary: Summary) -> list[Step]:
    """The steps that are known. Shares are of those who could go on: others joined at each step."""
    steps_known = []
    if summary.tells_invited:
        steps_known.append(Step("invited", summary.n_invited, (summary.n_yes_of_invited, summary.n_invited)))
    steps_known.append(Step("going", summary.n_going, n_guests=summary.n_guests))
    if summary.n_came is not None:
        steps_known.append(
            Step("came", summary.n_came, (summary.n_came_of_going, summary.n_going) if summary.n_going else None)
        )
    if summary.n_rated:
        steps_known.append(Step("liked", summary.n_liked, (summary.n_liked, summary.n_rated)))
    return steps_known


def draw(voice: Voice, summary: Summary, *, title: str) -> bytes:
    """A PNG of 1,080 pixels' width on the voice's clock. `title` may be anything that a member typed."""
    times = answer_times(summary.answered_at, starts_at=summary.starts_at, posted_at=summary.posted_at, zone=voice.zone)
    funnel = steps(summary)
    notes = _unknown(voice, summary)
    name = readable(title, instead=voice.plain("charts.event"))
    n_lines = len(Board(1).lines(name, TITLE, ROOM, most=TITLE_LINES))
    heights = [
        136 + n_lines * TITLE_ROW,
        len(funnel) * STEP + len(notes) * 46,
        GAP + event_answers.HEIGHT if times else 0,
        GAP + 58 + 5 * STAR_ROW if summary.n_rated else 0,
    ]
    board = Board(sum(heights) + MARGIN)
    _header(board, name, moment(voice, summary.starts_at, has_year=True))
    _funnel(board, voice, funnel, notes, top=heights[0])
    if times:
        top = sum(heights[:2]) + GAP
        event_answers.draw(board, voice, times, summary, top=top)
    if summary.n_rated:
        _stars(board, voice, summary, top=sum(heights[:3]) + GAP)
    return board.png()


def _header(board: Board, name: str, when: str) -> None:
    y = MARGIN + 50
    for line in board.lines(name, TITLE, ROOM, most=TITLE_LINES):
        board.write(MARGIN, y, line, TITLE)
        y += TITLE_ROW
    board.write(MARGIN, y - 12, when, NOTE, colour=MUTED)


def _unknown(voice: Voice, summary: Summary) -> list[str]:
    """What the funnel cannot tell, said instead of left out."""
    notes = ["charts.nobody_checked_in"] if summary.n_came is None else []
    notes += ["charts.few_rated"] if not summary.n_rated else []
    return [voice.plain(key) for key in notes]


def _funnel(board: Board, voice: Voice, funnel: list[Step], notes: list[str], *, top: float) -> None:
    most = max(step.n for step in funnel)
    widest = max(board.width_of(str(step.n), NUMBER, is_bold=True) for step in funnel)
    left = MARGIN + widest + 32
    for index, step in enumerate(funnel):
        y = top + index * STEP
        board.write(MARGIN + widest, y + 60, str(step.n), NUMBER, is_bold=True, align="right")
        label = voice.plain(f"charts.step.{step.name}")
        end = left + board.write(left, y + 34, label, LABEL)
        if step.n_guests:
            guests = voice.plain("charts.guests", n=step.n_guests)
            board.write(end + 16, y + 34, guests, NOTE, colour=MUTED)
        if step.part is not None:
            board.write(WIDTH - MARGIN, y + 34, share(voice, step), NOTE, colour=MUTED, align="right")
        room = WIDTH - MARGIN - left
        board.bar(left, y + 48, room, BAR, TRACK, radius=BAR / 2)
        board.bar(left, y + 48, room * step.n / most if most else 0, BAR, COLOURS[step.name], radius=BAR / 2)
    for index, note in enumerate(notes):
        board.write(MARGIN, top + len(funnel) * STEP + 30 + index * 46, note, NOTE, colour=MUTED)


def share(voice: Voice, step: Step) -> str:
    """The part of those who could go on; a percentage of enough of them."""
    n, of = step.part or (0, 1)
    share = voice.plain(f"charts.share.{step.name}", part=n, n=of)
    return (
        share
        if of < FEWEST_PERCENT
        else voice.plain("charts.share.of_hundred", share=share, percent=round(100 * n / of))
    )


def _stars(board: Board, voice: Voice, summary: Summary, *, top: float) -> None:
    board.write(MARGIN, top + 30, voice.plain("charts.ratings", n=summary.n_rated), LABEL)
    mean = f"{summary.mean_stars:.1f}"
    middle = top + 58 + 5 * STAR_ROW / 2
    board.write(MARGIN, middle + 18, mean, 112, is_bold=True, colour=AMBER)
    board.write(MARGIN, middle + 70, voice.plain("charts.of_five"), NOTE, colour=MUTED)
    left, most = 380, max(summary.stars)
    room = WIDTH - MARGIN - left - 72
    for index, n in enumerate(reversed(summary.stars)):
        y = top + 58 + index * STAR_ROW
        board.write(left - 24, y + 31, f"{5 - index} ★", NOTE, colour=MUTED, align="right")
        board.bar(left, y + 9, room, 24, TRACK, radius=12)
        board.bar(left, y + 9, room * n / most, 24, AMBER, radius=12)
        board.write(WIDTH - MARGIN, y + 31, str(n), NOTE, colour=INK if n else MUTED, align="right")
