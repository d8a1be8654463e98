"""What the invented members say: scripts of threads with slots, and small sentences for everything else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from random import Random
from typing import Any

LANGUAGES = ("en", "zh")
_PLAIN_WORDS = frozenset(
    {"what", "where", "which", "when", "does", "with", "your", "have", "this", "that"}
    | {"anyone", "anybody", "somebody", "would", "should", "there", "from", "first"}
)
_NOT_SLOTS = frozenset({"topic", "kind", "open", "answers", "until"})
# With a single word in common ("shipping" a product, or a box) an answer would speak of something else.
FEWEST_COMMON = 2


@dataclass(frozen=True)
class Script:
    """One thread that may be played: an opening with slots and answers that fit it in any order."""

    topic: str
    kind: str
    opening: str
    answers: tuple[str, ...]
    slots: Mapping[str, Sequence[str]]
    # The local hour after which nobody says this any more.
    until: int = 24

    @cached_property
    def tokens(self) -> set[str]:
        """Words by which a question about the same thing is recognised."""
        return _tokens(" ".join([self.opening, *(word for words in self.slots.values() for word in words)]))

    def open(self, random: Random) -> str:
        """The opening line with every slot filled."""
        return self.opening.format(**{name: random.choice(choices) for name, choices in self.slots.items()})


class Lines:
    """All lines of all languages; remembers what was said so that nothing is heard twice soon."""

    def __init__(self, random: Random) -> None:
        self._random = random
        tables = {language: _read_lines(language) for language in LANGUAGES}
        self._scripts = {language: [_script(one) for one in all_["thread"]] for language, all_ in tables.items()}
        self._tables = tables
        self._n_uses: dict[str, int] = {}
        self._n_used = 0
        self._lines_said: set[str] = set()

    @property
    def topics(self) -> frozenset[str]:
        """Every topic there is a script for."""
        return frozenset(script.topic for scripts in self._scripts.values() for script in scripts)

    def script(self, language: str, topic: str, *, hour: int) -> tuple[Script, str]:
        """The script of a topic that was played longest ago, and an opening that nobody has said yet if there is one."""
        fitting = [script for script in self._scripts[language] if script.topic == topic and hour < script.until]
        self._random.shuffle(fitting)
        script = min(fitting, key=lambda one: self._n_uses.get(one.opening, 0))
        self._n_used += 1
        self._n_uses[script.opening] = self._n_used
        openings = [script.open(self._random) for _ in range(8)]
        opening = next((text for text in openings if text not in self._lines_said), openings[0])
        self._lines_said.add(opening)
        return script, opening

    def say(self, language: str, section: str, key: str, **values: str) -> str:
        """One of the sentences under a section's key, one that was not just used where there is a choice."""
        choices: Sequence[str] = self._tables[language][section][key]
        choice = min(self._random.sample(choices, len(choices)), key=lambda one: self._n_uses.get(one, 0))
        self._n_used += 1
        self._n_uses[choice] = self._n_used
        return choice.format(**values)

    def all_of(self, language: str, section: str, key: str) -> Sequence[str]:
        """The sentences under a section's key, for whoever chooses by another stream of chance."""
        sentences: Sequence[str] = self._tables[language][section][key]
        return sentences

    def guess_topic(self, text: str) -> str | None:
        """The topic whose scripts share most words with a text; None when none does."""
        own_tokens = _tokens(text)
        scores: dict[str, int] = {}
        for script in (script for scripts in self._scripts.values() for script in scripts):
            n_common = len(own_tokens & script.tokens)
            scores[script.topic] = max(scores.get(script.topic, 0), n_common)
        best = max(scores, key=lambda topic: scores[topic])
        return best if scores[best] else None

    def answers_to(self, language: str, text: str, topic: str, *, random: Random | None = None) -> Iterator[str]:
        """Answers of the script that is most like a question; none when not even FEWEST_COMMON words are the same.

        `random`: another stream of chance than that of all talk.
        """
        own_tokens = _tokens(text)
        fitting = [script for script in self._scripts[language] if script.topic == topic]
        best = max(fitting, key=lambda script: len(own_tokens & script.tokens))
        if len(own_tokens & best.tokens) >= FEWEST_COMMON:
            yield from (random or self._random).sample(best.answers, len(best.answers))

    def word(self, language: str, section: str, key: str) -> str:
        """A fixed word, such as a topic's name."""
        word: str = self._tables[language][section][key]
        return word


def load_events() -> list[dict[str, str]]:
    """The events an admin plans, in order: topic, line and language."""
    tables = tomllib.loads((files(__package__) / "events.toml").read_text(encoding="utf-8"))
    return [{"language": "en", **one} for one in tables["event"]]


def _read_lines(language: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8"))


def _script(table: dict[str, Any]) -> Script:
    slots = {name: choices for name, choices in table.items() if name not in _NOT_SLOTS}
    return Script(table["topic"], table["kind"], table["open"], tuple(table["answers"]), slots, table.get("until", 24))


def _tokens(text: str) -> set[str]:
    """Words of four letters or more, and pairs of Chinese characters."""
    words = {word for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _PLAIN_WORDS}
    chinese = re.findall(r"[\u4e00-\u9fff]{2,}", text)
    return words | {part[i : i + 2] for part in chinese for i in range(len(part) - 1)}
