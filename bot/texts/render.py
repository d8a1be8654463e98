"""Rendering: a key, a language and values become HTML fit for Telegram."""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from bot.texts.languages import FALLBACK, LANGUAGES

HERE = Path(__file__).parent
# What Unicode calls the forms of a sentence; "=2" is for exactly two: English says "twice".
FORMS = re.compile(r"zero|one|two|few|many|other|=\d+")
# Longest a member's own words may stand inside one of our sentences, in characters.
LONGEST_VALUE = 300


class Safe(str):
    """Text that is already HTML (our own markup); everything else is escaped."""

    __slots__ = ()


class Texts:
    """All sentences, by language and dotted key. Raises KeyError for a key that not even the fallback has."""

    def __init__(self, sentences: Mapping[str, Mapping[str, Any]]) -> None:
        self._flat = {language: dict(_flatten(tree)) for language, tree in sentences.items()}
        # Worked out once: a digest asks for every item whether the language has a sentence.
        self._keys = {language: frozenset(map(fold, flat)) for language, flat in self._flat.items()}

    def say(self, language: str, key: str, /, **values: Any) -> Safe:
        """The sentence with its values escaped and put in; `n` chooses its form by the language's own rules."""
        return Safe(fill(self._template(language, key, values.get("n")), _EscapedValues(values)))

    def plain(self, language: str, key: str, /, **values: Any) -> str:
        """The same without markup: for buttons, answers to presses and the terminal."""
        return fill(self._template(language, key, values.get("n")), _TidiedValues(values))

    def keys(self, language: str) -> frozenset[str]:
        """All keys of a language, the forms of a sentence folded into one."""
        return self._keys[language]

    def _template(self, language: str, key: str, n: Any) -> str:
        flat = self._flat.get(language, {})
        for candidate in (key, f"{key}.={n}", f"{key}.{form_of(n, language)}", f"{key}.other"):
            if candidate in flat:
                return flat[candidate]
        if language != FALLBACK:
            return self._template(FALLBACK, key, n)
        raise KeyError(key)


def form_of(n: Any, language: str) -> str:
    """Which form a count takes: "one" and "other" in English, "other" alone in Chinese, up to six elsewhere."""
    return (
        LANGUAGES[language].locale.plural_form(n) if isinstance(n, int | float) and language in LANGUAGES else "other"
    )


def fold(key: str) -> str:
    """The name of a sentence, whichever form of it `key` is."""
    stem, _, last = key.rpartition(".")
    return stem if stem and FORMS.fullmatch(last) else key


def load_texts() -> Texts:
    """Read the sentences of every language."""
    return Texts({name: tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES})


def tidy(text: str, *, longest: int = LONGEST_VALUE) -> str:
    """A member's words fit to stand inside ours: no direction tricks, no invisible characters, one line, not endless.

    Bidirectional and format controls (Unicode categories Cc, Cf, Cs) can turn the rest of a message around or hide it;
    the zero-width joiner stays, because emoji are made with it.
    """
    letters = "".join(c if c == "\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else " " for c in text)
    line = " ".join(letters.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def own_lines(words: str, *, longest: int = LONGEST_VALUE) -> Safe:
    """A member's words as HTML with their line ends, each line tidied and at most so long.

    A value that is put into a sentence as it is becomes one line of LONGEST_VALUE characters: a title, a name.
    """
    return Safe("\n".join(html.escape(tidy(line, longest=longest), quote=False) for line in words.splitlines()))


def fill(template: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values put in.

    Between Chinese and a value in letters stands a space, between Chinese and Chinese none, however the template has it: a name
    may be either.
    """
    formatter, parts, joints = Formatter(), [""], []
    for literal, name, spec, conversion in formatter.parse(template):
        parts[-1] += literal
        if name is not None:
            value, _ = formatter.get_field(name, (), values)
            text = formatter.format_field(formatter.convert_field(value, conversion), spec or "")
            joints += [len(parts), len(parts) + 1]
            parts += [text, ""]
    for place in joints:
        parts[place - 1], parts[place] = _join(parts[place - 1], parts[place])
    return "".join(parts)


_TAG = re.compile(r"<[^>]*>")
# Blanks at the joint, and the tags between them and it.
_BLANKS_BEFORE, _BLANKS_BEHIND = re.compile(r" *((?:<[^>]*>)*) *$"), re.compile(r"^ *((?:<[^>]*>)*) *")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[A-Za-zÀ-ž]")


def _join(words: str, next_words: str) -> tuple[str, str]:
    """Two neighbours as they stand side by side; where neither is Chinese, or one is a mark, they stay as they are."""
    last, first = _TAG.sub("", words).rstrip(" ")[-1:], _TAG.sub("", next_words).lstrip(" ")[:1]
    is_han = _HAN.match(last) is not None, _HAN.match(first) is not None
    if not any(is_han) or not (all(is_han) or _LETTER.match(last) or _LETTER.match(first)):
        return words, next_words
    if all(is_han):
        return _BLANKS_BEFORE.sub(r"\1", words), _BLANKS_BEHIND.sub(r"\1", next_words)
    end, start = _BLANKS_BEFORE.search(words), _BLANKS_BEHIND.match(next_words)
    if (end and " " in _TAG.sub("", end[0])) or (start and " " in _TAG.sub("", start[0])):
        return words, next_words
    return words, _BLANKS_BEHIND.sub(r"\1 ", next_words)


class _EscapedValues(dict[str, Any]):
    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return (
            html.escape(tidy(value), quote=False) if isinstance(value, str) and not isinstance(value, Safe) else value
        )


class _TidiedValues(dict[str, Any]):
    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return tidy(value) if isinstance(value, str) else value


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in tree.items():
        flat += _flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return flat
