"""Who is meant? Links woven when the addressee's name is hidden. Run: python -m tests.benchmarks.learning_threads

Messages that begin by naming a member name whom they answer. The name is taken away (text and mention) and the log woven.
Up the chain of parents from such a message, the first by somebody else is the one it is taken to answer: how often is
there one, and how often is it by the member named? Compared with: the previous message by somebody else. The weights of
threads.WEIGHTS were fitted on such messages of these same three chats, so the numbers flatter them a little; and these
messages never begin a thread, so the share without a parent is a loss here that may be right elsewhere.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace

import numpy as np

from models.learning.dataset import CommunityLog
from models.learning.threads import parents, roots
from tests.benchmarks.learning_data import exports, needs_data

_LEADING_NAME = re.compile(r"^\s*@\S+[\s:,]*")


@needs_data
def main() -> None:
    """One line per chat."""
    print(f"{'':16} named  previous right  has parent  parent right  threads  median size  seconds")
    for name, log in exports().items():
        named = addressees(log)
        started = time.perf_counter()
        parent = parents(hidden(log, named))
        seconds = time.perf_counter() - started
        member = log.messages.member
        recent = {i: target for i, target in named.items() if target in member[max(0, i - 40) : i]}
        previous = np.array([member[_previous_other(member, i)] == target for i, target in recent.items()])
        meant = np.array([_answered(member, parent, i) for i in recent])
        right = member[meant[meant >= 0]] == np.array(list(recent.values()))[meant >= 0]
        size = np.bincount(roots(parent))
        print(
            f"{name:16} {len(recent):5d}  {previous.mean():14.3f}  {np.mean(meant >= 0):10.3f}  {right.mean():12.3f}",
            end="",
        )
        print(f"  {len(size):7d}  {np.median(size):11.0f}  {seconds:7.1f}")


def _answered(member: np.ndarray, parent: np.ndarray, i: int) -> int:
    """The first message up the chain that is by somebody else, -1 when there is none."""
    up = int(parent[i])
    while up >= 0 and member[up] == member[i]:
        up = int(parent[up])
    return up


def addressees(log: CommunityLog) -> dict[int, int]:
    """Message index -> the member it names at its beginning."""
    first: dict[int, int] = {}
    for i, target in zip(log.messages.mentioning.tolist(), log.messages.mentioned_member.tolist(), strict=True):
        if log.messages.text[i].lstrip().startswith("@"):
            first.setdefault(i, target)
    return first


def hidden(log: CommunityLog, named: dict[int, int]) -> CommunityLog:
    messages = log.messages
    shown = ~np.isin(messages.mentioning, list(named))
    texts = [_LEADING_NAME.sub("", text) if i in named else text for i, text in enumerate(messages.text)]
    return replace(
        log,
        messages=replace(
            messages,
            text=tuple(texts),
            mentioning=messages.mentioning[shown],
            mentioned_member=messages.mentioned_member[shown],
        ),
    )


def _previous_other(member: np.ndarray, i: int) -> int:
    while i > 0 and member[i - 1] == member[i]:
        i -= 1
    return i - 1


if __name__ == "__main__":
    main()
