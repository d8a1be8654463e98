"""A member's profile, as only they read it: every line, where it comes from, and what they can do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.callbacks import ProfileAction, ProfileButton, SkipButton
from bot.messages import listings, times
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.texts import Safe, Voice
from bot.texts.render import tidy
from models.domain.profiles.profiles import Profile
from models.domain.sending.addresses import Address
from models.reading.fields import Field
from models.tables.community import Community
from models.tables.listing import Listing
from models.tables.profile import ProfileFact, ProfileKind, ProfileState

# The one question of its dialogue.
STEP = "profile"
# What can be done with a line; one that was confirmed need not be confirmed.
OF_A_LINE = (ProfileAction.CONFIRM, ProfileAction.CORRECT, ProfileAction.REMOVE)
# Characters of what one has open.
LONGEST_LISTING = 90


def page(
    voice: Voice,
    community: Community,
    profile: Profile | None,
    *,
    is_found: bool,
    now: datetime,
    n_needs_met: int = 0,
    n_questions: int = 0,
) -> Outgoing:
    """All lines of one community, numbered as their buttons; `is_found`: others may find what is confirmed.

    And what came of their help: needs that were met thanks to them, questions brought to them that they took up.
    """
    help_given = _help(voice, n_needs_met, n_questions)
    if profile is None:
        return Outgoing(lines(voice.say("profile.no_learning", community=community.name), *help_given))
    add = [Button(voice.plain("profile.add"), data=ProfileButton(ProfileAction.ADD, community.id).pack())]
    if not profile.facts and not profile.listings:
        return Outgoing(lines(voice.say("profile.nothing", community=community.name), *help_given), [add])
    entries = [_entry(voice, number, one, profile, now) for number, one in enumerate(profile.facts, start=1)]
    open_ = [_listing(voice, one, profile.cards.get(one.id)) for one in profile.listings]
    text = lines(
        voice.say("profile.title", community=community.name),
        voice.say("profile.found" if is_found else "profile.not_found"),
        *([Safe(""), *entries] if entries else []),
        *([Safe(""), *open_] if open_ else []),
        *([Safe(""), voice.say("profile.legend")] if entries else []),
        *help_given,
    )
    rows = [*line_buttons(voice, profile), *([_confirm_all(voice, community.id)] if profile.is_undecided else []), add]
    return Outgoing(text, rows)


def _help(voice: Voice, n_needs_met: int, n_questions: int) -> list[Safe]:
    counts = (("needs_met", n_needs_met), ("questions_taken_up", n_questions))
    said = [voice.say(f"profile.{name}", n=n) for name, n in counts if n]
    return [Safe(""), *said] if said else []


def line_buttons(voice: Voice, profile: Profile) -> list[list[Button]]:
    """A row for each line: right, in other words, remove; what is confirmed need not be confirmed."""
    return [_buttons(voice, number, one) for number, one in enumerate(profile.facts, start=1)]


def _buttons(voice: Voice, number: int, fact: ProfileFact) -> list[Button]:
    actions = OF_A_LINE if fact.state == ProfileState.INFERRED else OF_A_LINE[1:]
    return [
        Button(voice.plain(f"profile.button.{one}", number=number), data=ProfileButton(one, fact.id).pack())
        for one in actions
    ]


def _confirm_all(voice: Voice, community_id: int) -> list[Button]:
    data = ProfileButton(ProfileAction.CONFIRM_ALL, community_id).pack()
    return [Button(voice.plain("profile.confirm_all"), data=data)]


def ask(voice: Voice, fact: ProfileFact | None) -> Outgoing:
    """The question for their own words; it may be left."""
    skip = [[Button(voice.plain("profile.skip"), data=SkipButton(STEP).pack())]]
    if fact is None:
        return Outgoing(voice.say("profile.ask_new"), skip)
    return Outgoing(voice.say("profile.ask", words=words_of(voice, fact)), skip)


def words_of(voice: Voice, fact: ProfileFact) -> str:
    """What a line says: a field or a language by its name in the reader's language, all else as it was written."""
    words = fact.words or ""
    if fact.kind == ProfileKind.FIELD and words in set(Field):
        return voice.plain(f"field.{words}")
    if fact.kind == ProfileKind.LANGUAGE:
        return str(voice.locale.languages.get(words, words))
    return tidy(words)


def fact_line(voice: Voice, fact: ProfileFact) -> Safe:
    """A line with its sign, in their own words or ours."""
    return voice.say(f"profile.kind.{fact.kind}", words=words_of(voice, fact))


def _entry(voice: Voice, number: int, fact: ProfileFact, profile: Profile, now: datetime) -> Safe:
    key = "profile.line" if fact.state == ProfileState.INFERRED else "profile.line_confirmed"
    head = voice.say(key, number=number, text=fact_line(voice, fact))
    address = profile.messages.get(fact.message_id) if fact.message_id is not None else None
    return lines(head, voice.say("profile.because", source=_source(voice, fact, address, now)))


def _source(voice: Voice, fact: ProfileFact, address: Address | None, now: datetime) -> Safe:
    """Where it comes from, leading there if it still stands."""
    if fact.source is None:
        return voice.say("profile.source.own")
    source: Mapping[str, Any] = fact.source
    at = times.back_then(voice, datetime.fromisoformat(source["values"]["at"]), now)
    said = voice.plain(f"profile.source.{source['key']}", at=at, n=source["values"]["n"])
    return _leading_there(voice, said, listings.link_to(address))


def _listing(voice: Voice, listing: Listing, address: Address | None) -> Safe:
    """What they have open themselves, leading to its card."""
    title = voice.say(f"listings.title.{listing.kind}", words=cut(tidy(listing.text), LONGEST_LISTING))
    source = _leading_there(voice, voice.plain(f"profile.source.{listing.kind}"), listings.link_to(address))
    return lines(title, voice.say("profile.because", source=source))


def _leading_there(voice: Voice, words: str, link: str | None) -> Safe:
    return voice.say("profile.linked", words=words, link=link) if link else voice.say("profile.unlinked", words=words)


def buttons_left(keyboard: Mapping[str, Any], is_done: Callable[[str], bool]) -> dict[str, Any]:
    """A keyboard without the buttons whose data are done with; nothing is left to confirm at once when no line is."""
    rows = [[one for one in row if not is_done(_data(one))] for row in keyboard["inline_keyboard"]]
    actions = {_profile_action(_data(one)) for row in rows for one in row}
    if ProfileAction.CONFIRM not in actions:
        rows = [[one for one in row if _profile_action(_data(one)) is None] for row in rows]
    return {"inline_keyboard": [row for row in rows if row]}


def _data(button: Mapping[str, Any]) -> str:
    """Links have none."""
    return str(button.get("callback_data", ""))


def _profile_action(data: str) -> ProfileAction | None:
    return ProfileButton.unpack(data).action if ProfileButton.pattern().fullmatch(data) else None
