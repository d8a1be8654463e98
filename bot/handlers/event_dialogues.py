"""Four questions in private that make an event: title, time, place, seats. Every answer is kept, so a restart loses none."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.handlers import event_drafts, event_previews
from bot.messages import event_lines as messages
from bot.messages.event_management import SKIPPABLE, question
from bot.messages.outgoing import Outgoing
from bot.scene.scene import Scene
from bot.texts import Safe
from models.domain.events import events, series
from models.domain.members import consent, dialogues, rights
from models.domain.members.deep_links import FollowedLink
from models.reading.event_draft import EventDraft, EventLineProblem
from models.reading.event_lines import read_event_line
from models.reading.positions import Spot, position_of
from models.tables.community import Chat, Community
from models.tables.member import Dialogue, DialogueAction

STEPS = ("title", "when", "place", "capacity")
MOST_SEATS = 100_000


class NotUnderstood(ValueError):
    """An answer that cannot be used; the sentence says what is wanted."""

    def __init__(self, sentence: Safe) -> None:
        super().__init__(sentence)
        self.sentence = sentence


async def resume(scene: Scene, link: FollowedLink) -> None:
    """The link under "/event" was followed: rights are looked at again here."""
    community = await scene.session.get(Community, link.community_id)
    chat = await scene.session.get(Chat, link.target_id)
    if community is None or chat is None or not await consent.is_member(scene.session, scene.actor.id, community.id):
        await scene.tell("errors.not_a_member")
        return
    is_admin = await rights.is_admin(scene.session, scene.actor.id, community.id)
    if rights.may_create(community, is_admin=is_admin):
        await begin(scene, community, chat)
    else:
        await scene.tell("events.only_creators")


async def begin(scene: Scene, community: Community, chat: Chat) -> None:
    """Ask the first question."""
    await _ask(scene, "title", {}, community.id, chat.id)


async def go_on(scene: Scene, dialogue: Dialogue, answer: str | Spot | None) -> None:
    """Take an answer (None: skipped) and ask the next question, or show the preview after the last."""
    community = await scene.session.get_one(Community, dialogue.community_id)
    zone = event_previews.zone_for(scene, community)
    try:
        value = read_answer(scene, dialogue.step, answer, zone, community.language)
    except NotUnderstood as problem:
        await scene.reply(Outgoing(problem.sentence))
        return
    answers = {**dialogue.answers, dialogue.step: value}
    following = STEPS[STEPS.index(dialogue.step) + 1 :]
    if following:
        await _ask(scene, following[0], answers, community.id, dialogue.target_id)
        return
    await dialogues.stop(scene.session, scene.actor.id)
    if dialogue.target_id is not None:
        asks_zone = await event_previews.asks_zone(scene, community)
        plan = await event_previews.propose(
            scene,
            _draft(answers),
            community,
            host_id=scene.actor.id,
            chat_id=dialogue.target_id,
            asks_zone=asks_zone,
        )
        await event_drafts.say(scene, plan)


async def _ask(scene: Scene, step: str, answers: dict[str, Any], community_id: int | None, chat_id: int | None) -> None:
    await dialogues.ask(
        scene.session,
        scene.actor.id,
        DialogueAction.NEW_EVENT,
        step,
        now=scene.now,
        community_id=community_id,
        target_id=chat_id,
        answers=answers,
    )
    await scene.reply(question(scene.voice, step))


def read_answer(scene: Scene, step: str, answer: str | Spot | None, zone: ZoneInfo, language: str) -> Any:
    """The JSON value of an answer; None for a skipped one; of a place see place_changes(). Raises NotUnderstood."""
    if answer is None and step in SKIPPABLE:
        return place_changes(None) if step == "place" else None
    if isinstance(answer, Spot) and step == "place":
        return place_changes(answer)
    if not isinstance(answer, str):
        raise NotUnderstood(scene.say(f"events.ask.{step}"))
    words = answer.strip()
    if step in ("when", "rsvp_until"):
        return _times(scene, words, zone, language)
    if step in ("capacity", "plus_ones"):
        return _number(scene, words, least=0 if step == "plus_ones" else 1)
    if not words or (step == "link" and not re.fullmatch(r"https?://\S+", words)):
        raise NotUnderstood(scene.say(f"events.ask.{step}"))
    if step == "place":
        return place_changes(words)
    return words[: events.LONGEST_TITLE if step == "title" else 1000]


def place_changes(answer: str | Spot | None) -> dict[str, Any]:
    """The fields of an event that an answer to "where?" gives: place and position, or a link alone."""
    if isinstance(answer, Spot):
        name = answer.name[: events.LONGEST_PLACE] if answer.name else None
        return {"place": name, "position": answer.position.as_json()}
    if answer and re.fullmatch(r"https?://\S+", answer):
        return {"place": None, "position": None, "link": answer[:1000]}
    return {"place": answer[: events.LONGEST_PLACE] if answer else None, "position": None}


def _times(scene: Scene, words: str, zone: ZoneInfo, language: str) -> dict[str, Any]:
    """starts_at, ends_at and, where the words make a series, repeats: its rule as event_series.as_json() gives it."""
    # The line reader wants a title; the answer to "when?" has none.
    draft = read_event_line(f"X, {words}", now=scene.now, zone=zone, language=language)
    if isinstance(draft, EventLineProblem):
        raise NotUnderstood(messages.problem(scene.voice.on_clock(zone.key), draft))
    return {
        "starts_at": draft.starts_at.isoformat(),
        "ends_at": draft.ends_at.isoformat() if draft.ends_at else None,
        "repeats": series.as_json(draft.repeats) if draft.repeats else None,
    }


def _number(scene: Scene, words: str, *, least: int) -> int:
    digits = re.search(r"[0-9]{1,6}", unicodedata.normalize("NFKC", words))
    if digits is None or not least <= int(digits[0]) <= MOST_SEATS:
        raise NotUnderstood(scene.say("events.not_a_number"))
    return int(digits[0])


def _draft(answers: dict[str, Any]) -> EventDraft:
    where = answers["place"]
    # Questions that were open when the host was updated had the words alone, and no rule.
    where = where if isinstance(where, dict) else place_changes(where)
    rule = answers["when"].get("repeats")
    return EventDraft(
        title=answers["title"],
        starts_at=datetime.fromisoformat(answers["when"]["starts_at"]),
        ends_at=datetime.fromisoformat(answers["when"]["ends_at"]) if answers["when"]["ends_at"] else None,
        place=where["place"],
        position=position_of(where["position"]),
        link=where.get("link"),
        capacity=answers["capacity"],
        repeats=series.rule_of(rule) if rule else None,
    )
