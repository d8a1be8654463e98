"""Why a member is invited: true sentences from rows they can check themselves. No reason, no invitation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.domain.events.engagements import free_for
from models.domain.events.validity import goes, on
from models.domain.invitations.facts import Guest, NamedCount
from models.domain.sending.checks import learns
from models.reading.bare_words import stands_bare
from models.reading.fields import fields_of
from models.tables.event import Event
from models.tables.recommendation import Source

# Reasons under one invitation; more are not read.
MOST_REASONS = 2
# From how many answers in LOOK_BACK on somebody is one "whom you often answer".
OFTEN = 3
# From so many messages on somebody is known here.
FEW_WORDS = 10


@dataclass(frozen=True)
class Reason:
    """One sentence: its key under invitations.reason, its values, how much it says for coming (0 to 1), and whom it names."""

    key: Source
    values: Mapping[str, Any]
    weight: float
    people: tuple[int | str, ...] = ()
    # Whether those are people who go, not the host.
    names_guests: bool = False

    def as_json(self, event: Event, guest: Guest) -> dict[str, Any]:
        """For the delivery and the recommendation; a mute of what it is `about`, or what holds no more, keeps it at the door."""
        about = [
            f"host:{event.host_id}",
            f"room:{event.id}",
            on(event),
            free_for(event.id),
            *(f"person:{one}" for one in self.people),
        ]
        about += [learns(event.community_id, int(one)) for one in self.people]
        about += [goes(event.id, int(one)) for one in self.people if self.names_guests]
        # What they did themselves is told them while they agree that we learn from it.
        about += [learns(event.community_id, guest.member.id)] if guest.learns else []
        return {"key": self.key, "values": dict(self.values), "about": about}


def reasons_for(event: Event, guest: Guest, *, now: datetime) -> list[Reason]:
    """Every true reason for this guest, the strongest first."""
    return sorted(_all(event, guest, now), key=lambda reason: -reason.weight)


def _all(event: Event, guest: Guest, now: datetime) -> Iterator[Reason]:
    about, own = fields_of(f"{event.title}. {event.description or ''}"), guest.talks.own()
    if about & own:
        own_talks = {key: guest.talks.contributions[key].n for key in about & own if key in guest.talks.contributions}
        if own_talks:
            best = max(own_talks, key=lambda one: (own_talks[one], one))
            yield Reason(Source.FIELD, {"field": best.value, "n": own_talks[best]}, 0.8)
        else:
            # They never talked about it here, and call it theirs.
            yield Reason(Source.FIELD_TOLD, {"field": min(about & own).value}, 0.8)
    elif about and own:
        # It belongs to a field that is not theirs: only having been to one like it speaks for it.
        yield from _similar(guest)
        return
    often = [one for one in guest.answers if one.n >= OFTEN]
    if often:
        yield _about_people(Source.FRIENDS_ONE, Source.FRIENDS_TWO, often, 0.9)
    for host in guest.with_host[:1]:
        yield Reason(Source.HOST, {"host": host.name, "n": host.n}, min(0.5 + 0.1 * host.n, 0.8), (host.key,))
    yield from _similar(guest)
    strangers = [one for one in guest.co_attendees if one.key not in {friend.key for friend in often}]
    if strangers:
        yield _about_people(Source.MET_ONE, Source.MET_TWO, strangers, 0.5)
    # Whoever reads of their field knows which words are meant.
    is_told_already = about & own or guest.talks.choices.rule_out(about)
    for word in [one for one in guest.words if stands_bare(one.name)][: 0 if is_told_already else 1]:
        yield Reason(Source.WORDS, {"word": word.name, "n": word.n}, min(0.3 + 0.1 * word.n, 0.7))
    # Who wrote so much is no stranger any more.
    if guest.is_new and guest.n_attended == 0 and guest.n_messages < FEW_WORDS and not about & own:
        yield Reason(Source.NEW_HERE, {}, 0.25)


def _similar(guest: Guest) -> Iterator[Reason]:
    if len(guest.similar) > 1:
        yield Reason(Source.SIMILAR_TWO, {"first": guest.similar[0], "second": guest.similar[1]}, 0.75)
    elif guest.similar:
        yield Reason(Source.SIMILAR_ONE, {"first": guest.similar[0]}, 0.6)


def _about_people(one: Source, two: Source, people: Sequence[NamedCount], weight: float) -> Reason:
    first_two = people[:2]
    values = dict(zip(("first", "second"), (who.name for who in first_two), strict=False))
    return Reason(
        two if len(first_two) > 1 else one,
        values,
        weight,
        tuple(who.key for who in first_two),
        names_guests=True,
    )
