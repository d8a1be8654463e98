"""Conversations whose links are known: Ubuntu IRC annotated by hand, weeks of the invented community, hidden addressees."""

from __future__ import annotations

import csv
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from models.learning.dataset import CommunityLog, Messages
from models.learning.terms import rarity
from models.learning.threads import UnheardTalk
from tests.benchmarks.learning_data import DATA, beer, exports
from tests.benchmarks.learning_threads import addressees, hidden
from tests.bot.playground.test_community import Town, talk

_LINE = re.compile(r"^\[(\d\d):(\d\d)\]\s+(?:<([^>]+)>|\*\s*(\S+))\s?(.*)$", re.DOTALL)
_LEADING = re.compile(r"\s*([^\s:,]+)\s*[:,]\s*")
_NICKNAME = re.compile(r"[^\s,:;()!?.\"']+")
# A nickname in the middle of a line is one only when it is no everyday word.
_RARE_ENOUGH = 0.55


@dataclass(frozen=True)
class Labelled:
    """A log and what some of its messages truly go on with: earlier indexes, -1 for one that begins something.

    `unheard` are instants of messages taken out of the log, so that indexes count them too. `never_begins`: it is known that
    the labelled messages all answer something.
    """

    log: CommunityLog
    links: dict[int, set[int]]
    unheard: UnheardTalk | None = None
    never_begins: bool = False


def irc_days() -> list[Labelled]:
    """One a day, in order of time; nicknames typed as plain words are mentions."""
    lines: dict[str, list[tuple[int, str]]] = defaultdict(list)
    links: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with lzma.open(DATA / "irc_train_lines.csv.xz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            lines[row["day"]].append((int(row["line"]), row["text"]))
    with lzma.open(DATA / "irc_train_links.csv.xz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            links[row["day"]].append((int(row["parent"]), int(row["child"])))
    return [_day(sorted(lines[day]), links[day]) for day in sorted(lines)]


def partly_unheard(day: Labelled, rng: np.random.Generator) -> Labelled:
    """The day with some of its speakers out of the log."""
    messages = day.log.messages
    people = np.unique(messages.member)
    silent = np.isin(messages.member, people[rng.random(len(people)) < rng.uniform(0.2, 0.7)])
    rest = CommunityLog(messages=messages.take(~silent))
    named = np.isin(rest.messages.mentioned_member, np.unique(rest.messages.member))
    kept = {"mentioning": rest.messages.mentioning[named], "mentioned_member": rest.messages.mentioned_member[named]}
    rest = CommunityLog(messages=Messages(**{**rest.messages.__dict__, **kept}))
    apart = UnheardTalk(messages.at[silent], messages.chat[silent], messages.topic[silent])
    return Labelled(rest, {i: links for i, links in day.links.items() if not silent[i]}, apart)


def invented_weeks(seed: int, *, n_weeks: int = 3, has_links: bool = True) -> Labelled:
    """The invented community's talk; without links as if nobody had used the reply button."""
    town = Town(seed)
    town.live(timedelta(weeks=n_weeks))
    said = talk(town)
    index = {one.id: i for i, one in enumerate(said)}
    truth = [index.get(town.community.answered_by(one.id) or 0, -1) for one in said]
    linked = [index.get(one.get("reply_to_message", {}).get("message_id", 0), -1) for one in said]
    log = _log(
        [one["from"]["id"] for one in said],
        [float(one["date"]) for one in said],
        [one.text for one in said],
        reply_to=linked if has_links else None,
    )
    return Labelled(log, {i: {earlier} for i, earlier in enumerate(truth) if not has_links or linked[i] < 0})


def hidden_addressees(name: str) -> Labelled:
    """Messages of a public chat that begin with a name, which is taken away: any recent message of theirs may be meant."""
    log = exports()[name]
    named = addressees(log)
    member = log.messages.member
    links = {
        i: {j for j in range(max(0, i - 40), i) if member[j] == target}
        for i, target in named.items()
        if target != member[i]
    }
    return Labelled(hidden(log, named), {i: found for i, found in links.items() if found}, never_begins=True)


def questions_and_answers() -> Labelled:
    """The question-and-answer site's posts as if they had been written into one chat, nobody using the reply button."""
    messages = beer().messages
    posts = CommunityLog(messages=messages.take(np.array([bool(text) for text in messages.text])))
    reply_to = posts.messages.reply_to
    log = CommunityLog(messages=replace(posts.messages, reply_to=np.full(len(reply_to), -1)))
    return Labelled(log, {i: {int(earlier)} for i, earlier in enumerate(reply_to)})


def earlier_part(one: Labelled, share: float = 0.75) -> Labelled:
    """Only the labels of the earlier messages."""
    end = share * len(one.log.messages)
    return replace(one, links={i: links for i, links in one.links.items() if i < end})


def later_part(one: Labelled, share: float = 0.75) -> Labelled:
    """Only the labels that `earlier_part` left out."""
    return replace(one, links={i: links for i, links in one.links.items() if i >= share * len(one.log.messages)})


def conversations(day: Labelled) -> dict[int, int]:
    """The first message of the conversation each labelled message is in."""
    root: dict[int, int] = {}
    for i in sorted(day.links):
        earlier = [one for one in day.links[i] if one >= 0]
        root[i] = root.get(earlier[0], earlier[0]) if earlier else i
    return root


def _day(lines: Sequence[tuple[int, str]], links: Sequence[tuple[int, int]]) -> Labelled:
    rows = list(_spoken(lines))
    number: dict[str, int] = {}
    for _, who, _, _ in rows:
        number.setdefault(who, len(number) + 1)
    read = [_without_names(text, number) for _, _, _, text in rows]
    mentions = [(i, who) for i, (_, named) in enumerate(read) for who in sorted(named) if who != number[rows[i][1]]]
    log = _log(
        [number[who] for _, who, _, _ in rows],
        _spread([at for _, _, at, _ in rows]),
        [text for text, _ in read],
        mentions,
    )
    place = {line: i for i, (line, _, _, _) in enumerate(rows)}
    found: dict[int, set[int]] = defaultdict(set)
    for parent, child in ((min(pair), max(pair)) for pair in links):
        if child in place and parent in place:
            found[place[child]].add(-1 if parent == child else place[parent])
    return Labelled(log, dict(found))


def _spoken(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, float, str]]:
    """(line, who, seconds, text) of what people said; past midnight the clock goes on."""
    last = 0
    for line, text in lines:
        if match := _LINE.match(text):
            minute = int(match[1]) * 60 + int(match[2]) + last // 1440 * 1440
            last = minute + 1440 if minute < last - 600 else minute
            yield line, (match[3] or match[4]).lower(), last * 60.0, match[5]


def _spread(at: Sequence[float]) -> list[float]:
    """Lines of one minute, evenly over it."""
    n_in, seen = Counter(at), Counter[float]()
    spread = []
    for instant in at:
        spread.append(instant + 60 * seen[instant] / n_in[instant])
        seen[instant] += 1
    return list(np.maximum.accumulate(spread))


def _without_names(text: str, number: dict[str, int]) -> tuple[str, set[int]]:
    """A line without the nicknames in it, and whose they are."""
    named: set[int] = set()
    if (match := _LEADING.match(text)) and match[1].lower() in number:
        named.add(number[match[1].lower()])
        text = text[match.end() :]

    def take(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word not in number or len(word) < 3 or rarity(word) < _RARE_ENOUGH:
            return match[0]
        named.add(number[word])
        return ""

    return _NICKNAME.sub(take, text), named


def _log(
    member: Sequence[int],
    at: Sequence[float],
    texts: Sequence[str],
    mentions: Sequence[tuple[int, int]] = (),
    reply_to: Sequence[int] | None = None,
) -> CommunityLog:
    n = len(member)
    return CommunityLog(
        messages=Messages(
            member=np.array(member, np.int64),
            at=np.array(at),
            chat=np.zeros(n, np.int64),
            topic=np.full(n, -1),
            reply_to=np.array(reply_to, np.int64) if reply_to is not None else np.full(n, -1),
            item_id=np.arange(n),
            text=tuple(texts),
            mentioning=np.array([i for i, _ in mentions], np.int64),
            mentioned_member=np.array([who for _, who in mentions], np.int64),
        )
    )
