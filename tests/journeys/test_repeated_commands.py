"""One member who repeats a command in a group keeps nobody else waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.scene.echoes import MOST_ANSWERS
from bot.scene.scene import Scene
from tests.stage import Stage


def _n_said(stage: Stage, club: Any) -> int:
    return len(stage.said_in(club))


@pytest.mark.parametrize("command", ["/events", "/help"])
async def test_sixty_times_the_same_command_is_one_answer_and_an_admin_does_not_wait(
    stage: Stage, command: str
) -> None:
    club, olga, [mia] = stage.club("Mia")
    await stage.settle()
    n_before = _n_said(stage, club)
    for _ in range(60):
        stage.telegram.say(mia, club, command)
    stage.telegram.say(olga, club, "/event Demo, Fri 19:00")
    await stage.settle(6)
    n_soon = _n_said(stage, club)
    await stage.pass_time(timedelta(minutes=5))

    assert n_soon - n_before == 2
    assert _n_said(stage, club) == n_soon
    assert "Demo" in stage.said_in(club)[-1].text


async def test_a_list_that_changed_or_is_asked_for_by_another_or_later_is_shown_again(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    await stage.settle()
    n_answers = []
    for person, text in [
        (mia, "/events"),
        (mia, "/events"),
        (ben, "/events"),
        (olga, "/event Demo, Fri 19:00"),
    ]:
        n_before = _n_said(stage, club)
        stage.telegram.say(person, club, text)
        await stage.settle()
        n_answers.append(_n_said(stage, club) - n_before)
    stage.telegram.press(olga, stage.said_in(club)[-1], "📣 Publish")
    await stage.settle()
    stage.telegram.say(mia, club, "/events")
    await stage.settle()
    changed = stage.said_in(club)[-1].text
    await stage.pass_time(timedelta(minutes=2))
    n_before = _n_said(stage, club)
    stage.telegram.say(mia, club, "/events")
    await stage.settle()

    assert n_answers == [1, 0, 1, 1]
    assert "1. Demo" in changed
    assert _n_said(stage, club) == n_before + 1


async def test_an_answer_that_was_undone_is_given_when_it_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    n_before = _n_said(stage, club)
    stage.telegram.say(mia, club, "/events")

    show = Scene.show

    async def shown_and_undone(scene: Scene, message: Any) -> None:
        await show(scene, message)
        raise OperationalError("COMMIT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(Scene, "show", shown_and_undone)
    with pytest.raises(OperationalError):
        await stage.settle()
    monkeypatch.undo()
    await stage.settle()

    assert _n_said(stage, club) == n_before + 1


async def test_sixty_different_commands_of_one_member_leave_the_group_its_messages(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    await stage.settle()
    n_before = _n_said(stage, club)
    for number in range(60):
        stage.telegram.say(mia, club, f"/event Nothing to read {number}")
    asked = stage.telegram.say(ben, club, "/events")
    stage.telegram.say(olga, club, "/event Demo, Fri 19:00")
    await stage.settle()
    await stage.pass_time(timedelta(seconds=40))

    said = stage.said_in(club)[n_before:]
    assert any("Demo" in one.text for one in said)
    assert asked.id in [one.get("reply_to_message", {}).get("message_id") for one in said]
    assert len(said) <= MOST_ANSWERS + 2
    # A minute later they are answered again.
    await stage.pass_time(timedelta(minutes=2))
    n_before = _n_said(stage, club)
    stage.telegram.say(mia, club, "/help")
    await stage.settle()
    assert _n_said(stage, club) == n_before + 1


@pytest.mark.parametrize(
    "command", ["/event Nothing to read {}", "/event Talk {}, Fri 19:00", "/rsvp {} maybe", "/help {}"]
)
async def test_others_are_answered_before_the_second_of_sixty_different_commands(stage: Stage, command: str) -> None:
    club, _, [mia, ben] = stage.club("Mia", "Ben")
    await stage.settle()
    n_before = _n_said(stage, club)
    for number in range(60):
        stage.telegram.say(mia, club, command.format(number))
    asked = stage.telegram.say(ben, club, "/events")
    await stage.settle(1)

    said = [one["reply_to_message"]["message_id"] for one in stage.said_in(club)[n_before:]]
    assert said[1:] == [asked.id]


async def test_ones_own_answers_come_in_the_order_of_ones_commands(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    n_before = _n_said(stage, club)
    asked = [stage.telegram.say(mia, club, f"/event Nothing to read {number}").id for number in range(4)]
    await stage.settle(5)

    assert [one["reply_to_message"]["message_id"] for one in stage.said_in(club)[n_before:]] == asked
