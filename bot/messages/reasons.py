"""Reasons as sentences: rows keep a key and values, and every place that tells one asks here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.messages import times
from bot.texts import Safe, Voice

# Features with reasons of their own in the texts.
FEATURES = ("digests", "invitations", "people_to_meet", "introductions", "listings", "welcomes")


def reason(voice: Voice, one: Mapping[str, Any], *, section: str, now: datetime) -> Safe:
    """One reason of a feature as HTML; dates in it are told as of `now`."""
    return voice.say(f"{section}.reason.{one['key']}", **_values(voice, one.get("values", {}), now))


def sentence(voice: Voice, one: Any, *, now: datetime) -> str:
    """A reason as its row has it, of whichever feature, in plain words; "" for one that cannot be said."""
    if isinstance(one, str):
        return one
    if not isinstance(one, Mapping):
        return ""
    key = str(one.get("key", ""))
    values = one.get("values", {name: value for name, value in one.items() if name not in ("key", "about")})
    for full_key in (key, *(f"{feature}.reason.{key}" for feature in FEATURES)):
        try:
            return voice.plain(full_key, **_values(voice, values, now))
        except KeyError:
            continue
    return ""


def topic(voice: Voice, what: Mapping[str, Any]) -> str:
    """What an introduction is about: words that both sides used, else a field of work."""
    words = [voice.plain("introductions.word", word=one) for one in what.get("words", ())]
    return voice.together(words) if words else voice.plain(f"field.{what['field']}")


def _values(voice: Voice, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Instants, fields, topics and lists as the reader's language says them."""
    values_said = {"who": voice.plain("introductions.who"), **values}
    if isinstance(values_said.get("at"), str):
        values_said["at"] = times.back_then(voice, datetime.fromisoformat(values_said["at"]), now)
    if isinstance(values_said.get("field"), str):
        values_said["field"] = voice.plain(f"field.{values_said['field']}")
    if isinstance(values_said.get("topic"), Mapping):
        values_said["topic"] = topic(voice, values_said["topic"])
    if isinstance(values_said.get("lately"), str):
        values_said["lately"] = voice.plain(f"introductions.lately.{values_said['lately']}")
    if isinstance(values_said.get("names"), list):
        values_said["names"] = voice.together(values_said["names"])
    return values_said
