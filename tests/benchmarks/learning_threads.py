"""Who is meant? Links woven when the addressee's name is hidden. Run: python -m tests.benchmarks.learning_threads

Messages that begin by naming a member name whom they answer. The name is taken away (text and mention) and the log woven:
how often is the parent a message by that member? Compared with the previous message by somebody else, and with the
whole-thread question: is that member in the thread at all? The weights of threads.WEIGHTS were fitted on such messages of
these chats, each chat held out in turn changed the numbers by less than .01; other chats of the kind are the honest test.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace

import numpy as np

from models.learning.dataset import CommunityLog
from models.learning.threads import parents, roots
from tests.benchmarks.learning_data import exports

_LEADING_NAME = re.compile(r"^\s*@\S+[\s:,]*")


def main() -> None:
    """One line per chat."""
    print(f"{'':16} named  previous  woven parent  in woven thread  threads  median size  seconds")
    for name, log in exports().items():
        named = _addressees(log)
        started = time.perf_counter()
        parent = parents(_hidden(log, named))
        seconds = time.perf_counter() - started
        thread, member = roots(parent), log.messages.member
        recent = {i: target for i, target in named.items() if target in member[max(0, i - 40) : i]}
        previous = [member[_previous_other(member, i)] == target for i, target in recent.items()]
        linked = [parent[i] >= 0 and member[parent[i]] == target for i, target in recent.items()]
        inside = [target in member[:i][thread[:i] == thread[i]] for i, target in recent.items()]
        size = np.bincount(thread)
        print(
            f"{name:16} {len(recent):5d}  {np.mean(previous):8.3f}  {np.mean(linked):12.3f}  {np.mean(inside):15.3f}",
            end="",
        )
        print(f"  {len(size):7d}  {np.median(size):11.0f}  {seconds:7.1f}")


def _addressees(log: CommunityLog) -> dict[int, int]:
    """Message index -> the member it names at its beginning."""
    first: dict[int, int] = {}
    for i, target in zip(log.messages.mentioning.tolist(), log.messages.mentioned.tolist(), strict=True):
        if log.messages.text[i].lstrip().startswith("@"):
            first.setdefault(i, target)
    return first


def _hidden(log: CommunityLog, named: dict[int, int]) -> CommunityLog:
    messages = log.messages
    shown = ~np.isin(messages.mentioning, list(named))
    texts = [_LEADING_NAME.sub("", text) if i in named else text for i, text in enumerate(messages.text)]
    return replace(
        log,
        messages=replace(
            messages, text=tuple(texts), mentioning=messages.mentioning[shown], mentioned=messages.mentioned[shown]
        ),
    )


def _previous_other(member: np.ndarray, i: int) -> int:
    while i > 0 and member[i - 1] == member[i]:
        i -= 1
    return i - 1


if __name__ == "__main__":
    main()
