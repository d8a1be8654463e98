"""What came of an event, for its hosts: the funnel, the stars, what was written; under a picture where one was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from bot.messages.outgoing import LONGEST_CAPTION, LONGEST_TEXT, Outgoing, cut, lines, shown_length
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.events.answer_times import answer_times
from models.domain.events.ratings import LONGEST_SENTENCE
from models.domain.events.summaries import Summary
from models.domain.sending import deliveries
from models.tables.event import Event

BARS = "▁▂▃▄▅▆▇█"
# Of what was written, where not all of it fits: some, shortened, to whet the appetite for the message that follows.
MOST_EXCERPTS, LONGEST_EXCERPT = 3, 140


class Call(NamedTuple):
    """A method of the Bot API and its parameters without the destination."""

    method: str
    payload: dict[str, Any]


def report(voice: Voice, event: Event, *, summary: Summary, picture: bytes | None = None) -> list[Call]:
    """One message, with what was written where all of it fits; else a second one holds that, in full.

    A second message and no "More": it can be read later and passed on, and needs no button that must work for years. What
    is too long even for a message comes as a text file, so there are never more than two.
    """
    if summary.is_empty:
        return [Call("sendMessage", Outgoing(voice.say("event_ratings.nothing", title=event.title)).payload())]
    longest = LONGEST_TEXT if picture is None else LONGEST_CAPTION
    head = _head(voice, event, summary, has_picture=picture is not None)
    sentences = [_sentence(voice, one) for one in summary.sentences]
    text = lines(head, *sentences)
    rest: list[Call] = []
    if shown_length(text) > longest:
        text = lines(head, *_excerpts(voice, head, summary.sentences, longest))
        rest = [_all_of_them(voice, event, sentences, summary.sentences)]
    message = Outgoing(text)
    if picture is None:
        return [Call("sendMessage", message.payload()), *rest]
    photo = deliveries.attachment(picture, f"event-{event.id}.png")
    return [Call("sendPhoto", {"photo": photo, **message.caption()}), *rest]


def funnel(voice: Voice, summary: Summary) -> Safe:
    """What is known, in one line: each number is a part of the one before, or says of what it is one."""
    parts = [voice.say("event_ratings.step.going", n=summary.n_going)]
    if summary.n_came is not None:
        came = voice.say("event_ratings.step.came", n=summary.n_came_of_going)
        parts = [Safe(f"{parts[0]} → {came}")] if summary.n_going else []
    if summary.n_came_unasked > 0:
        parts.append(voice.say("event_ratings.step.unasked", n=summary.n_came_unasked))
    if summary.n_rated:
        parts.append(voice.say("event_ratings.step.liked", n=summary.n_liked, rated=summary.n_rated))
    if summary.tells_invited:
        said_yes = voice.say("event_ratings.step.invited", n=summary.n_invited, part=summary.n_yes_of_invited)
        back = voice.say("event_ratings.step.gave_back", n=summary.n_gave_back) if summary.n_gave_back else None
        parts = [said_yes, *filter(None, [back]), *parts]
    return Safe(" · ".join(parts))


def sparkline(counts: Sequence[int]) -> str:
    """A bar a box of time, the highest for the most; at most the last 30."""
    last_counts = counts[-30:]
    top = max(last_counts, default=0)
    return "".join(BARS[round(n / top * (len(BARS) - 1))] for n in last_counts) if top else ""


def _head(voice: Voice, event: Event, summary: Summary, *, has_picture: bool) -> Safe:
    stars = None if has_picture else voice.say("event_ratings.few_rated")
    if summary.mean_stars is not None:
        stars = voice.say("event_ratings.stars", mean=f"{summary.mean_stars:.1f}", n=summary.n_rated)
    return lines(
        voice.say("event_ratings.report", title=event.title),
        funnel(voice, summary),
        stars,
        _suggestions(voice, summary),
        None if has_picture else _bars(voice, event, summary),
    )


def _suggestions(voice: Voice, summary: Summary) -> Safe | None:
    outcome = summary.suggestions
    told = voice.say("event_ratings.suggested", met=outcome.n_met, n=outcome.n_pairs)
    return told if summary.tells_pairs else None


def _bars(voice: Voice, event: Event, summary: Summary) -> Safe | None:
    """What the picture would show, in letters."""
    times = answer_times(
        summary.answered_at, starts_at=summary.starts_at, posted_at=None, zone=voice.zone, has_room_for_hours=False
    )
    if times is None:
        return None
    return voice.say(f"event_ratings.answers.{times.unit}", bars=sparkline(times.counts))


def _sentence(voice: Voice, words: str) -> Safe:
    quotation = Safe(escape(tidy(words, longest=LONGEST_SENTENCE), quote=False))
    return voice.say("event_ratings.sentence", sentence=quotation)


def _excerpts(voice: Voice, head: Safe, sentences: Sequence[str], longest: int) -> list[Safe]:
    """A few of the sentences, cut at word ends, and that all of them follow; together with `head` they fit."""
    follow = voice.say("event_ratings.all_follow", n=len(sentences))
    excerpts: list[Safe] = []
    for one in sentences[:MOST_EXCERPTS]:
        line = _sentence(voice, cut(tidy(one, longest=LONGEST_SENTENCE), LONGEST_EXCERPT))
        if shown_length(lines(head, *excerpts, line, follow)) <= longest:
            excerpts.append(line)
    return [*excerpts, follow]


def _all_of_them(voice: Voice, event: Event, sentences_said: Sequence[Safe], sentences: Sequence[str]) -> Call:
    title = voice.say("event_ratings.written", title=event.title)
    text = lines(title, *sentences_said)
    if shown_length(text) <= LONGEST_TEXT:
        return Call("sendMessage", Outgoing(text).payload())
    content = "\n\n".join(tidy(one, longest=LONGEST_SENTENCE) for one in sentences)
    # Windows' editor takes a file for UTF-8 when it begins with this mark.
    file = deliveries.attachment(b"\xef\xbb\xbf" + content.encode(), f"event-{event.id}.txt")
    return Call("sendDocument", {"document": file, **Outgoing(title).caption()})
