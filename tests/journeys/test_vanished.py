"""What somebody deletes in a group: what Klatch has to say there is said all the same, or its host is told."""

from __future__ import annotations

from bot.playground.server.snapshots import Chat, Json, Message, User
from tests.journeys.test_events import LINE, buttons, card_in, make_known, manage, publish
from tests.stage import Stage


def forum_with_topic(stage: Stage, *names: str) -> tuple[Chat, Json, User, list[User]]:
    """A forum, a topic in it, its owner and these members."""
    olga, *people = (stage.telegram.add_user(first_name=name, username=name.lower()) for name in ("Olga", *names))
    forum = stage.telegram.add_chat("Founders", kind="supergroup", owner=olga, is_forum=True)
    for someone in (stage.bot, *people):
        stage.telegram.add_to_chat(forum, someone, by=olga)
    stage.telegram.promote(forum, stage.bot, by=olga)
    return forum, stage.telegram.create_topic(forum, "Events", by=olga), olga, people


async def test_a_seat_is_offered_although_the_topic_of_the_card_is_gone(stage: Stage) -> None:
    forum, topic, olga, [mia, jo, wei] = forum_with_topic(stage, "Mia", "Jo", "Wei")
    await make_known(stage, forum, olga, mia, jo, wei)
    stage.telegram.say(olga, forum, LINE, topic=topic)
    await stage.settle()
    stage.telegram.press(olga, stage.said_in(forum)[-1], "📣 Publish")
    await stage.settle()
    card = card_in(stage, forum)
    for member in (mia, jo, wei):
        stage.telegram.press(member, card, "✅ Going")
        await stage.settle()

    stage.telegram.delete_topic(forum, topic, by=olga)
    stage.telegram.leave(forum, mia)
    await stage.settle(10)

    [offer] = [said for said in stage.said_in(forum) if "is free for you" in said.text]
    assert card["message_thread_id"] == topic["message_thread_id"]
    assert "message_thread_id" not in offer
    assert "Wei, a seat at Demo night is free for you!" in offer.text
    assert buttons(offer) == ["✅ I'll come", "🚫 I can't"]


async def test_a_command_in_a_topic_that_is_gone_before_the_answer_is_answered(stage: Stage) -> None:
    forum, topic, olga, [mia] = forum_with_topic(stage, "Mia")
    await make_known(stage, forum, olga, mia)

    stage.telegram.say(mia, forum, "/events", topic=topic)
    stage.telegram.delete_topic(forum, topic, by=olga)
    await stage.settle()

    assert "Nothing is planned yet" in stage.said_in(forum)[-1].text


async def answer_from_the_list(stage: Stage, member: User, button: str) -> None:
    """Open /events in private, choose the first and press an answer there."""
    stage.telegram.say(member, stage.telegram.private(member, stage.bot), "/events")
    await stage.settle()
    stage.telegram.press(member, stage.read_by(member)[-1], "1. Demo night")
    await stage.settle()
    stage.telegram.press(member, stage.read_by(member)[-1], button)
    await stage.settle(8)


def cards_in(stage: Stage, club: Chat) -> list[Message]:
    return [said for said in stage.said_in(club) if "✅ Going" in buttons(said)]


async def test_a_deleted_card_comes_back_once_and_then_its_host_decides(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    stage.telegram.promote(club, ben, by=olga)
    for person in (olga, mia):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia)
    stage.telegram.delete(ben, await publish(stage, club, olga))

    await answer_from_the_list(stage, mia, "✅ Going")
    [back] = cards_in(stage, club)
    stage.telegram.delete(ben, back)
    await answer_from_the_list(stage, mia, "🤔 Maybe")
    after_the_second = cards_in(stage, club)
    notice = stage.read_by(olga)[-1]
    await answer_from_the_list(stage, mia, "✅ Going")
    n_notices = sum("was deleted in Founders again" in said for said in stage.said_to(olga))
    stage.telegram.press(olga, notice, "📌 Post it again")
    await stage.settle(8)
    [restored] = cards_in(stage, club)
    stage.telegram.delete(ben, restored)
    await answer_from_the_list(stage, mia, "🤔 Maybe")

    assert "Going 1/2" in back.text
    assert after_the_second == []
    assert "The card of Demo night was deleted in Founders again" in notice.text
    assert n_notices == 1
    assert "Going 1/2" in restored.text
    assert "The card of Demo night was deleted in Founders again" in stage.said_to(olga)[-1]


async def test_a_card_whose_host_cannot_be_told_comes_back_each_time(stage: Stage) -> None:
    club, olga, [mia, ben] = stage.club("Mia", "Ben")
    stage.telegram.promote(club, ben, by=olga)
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)

    for button in ("✅ Going", "🤔 Maybe", "✅ Going"):
        stage.telegram.delete(ben, card_in(stage, club))
        await answer_from_the_list(stage, mia, button)

    assert len(cards_in(stage, club)) == 1
    assert "Going 1/2" in card_in(stage, club).text


async def test_the_card_of_a_deleted_topic_comes_back_in_the_group(stage: Stage) -> None:
    forum, topic, olga, [mia] = forum_with_topic(stage, "Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, forum, olga, mia)
    stage.telegram.say(olga, forum, LINE, topic=topic)
    await stage.settle()
    stage.telegram.press(olga, stage.said_in(forum)[-1], "📣 Publish")
    await stage.settle()

    stage.telegram.delete_topic(forum, topic, by=olga)
    await answer_from_the_list(stage, mia, "✅ Going")

    [card] = cards_in(stage, forum)
    assert "message_thread_id" not in card
    assert "Going 1/2" in card.text


async def test_the_card_of_a_cancelled_event_does_not_come_back(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    menu = await manage(stage, club, olga)
    stage.telegram.press(olga, menu, "❌ Cancel the event")
    await stage.settle()
    stage.telegram.delete(olga, card)

    stage.telegram.press(olga, stage.read_by(olga)[-1], "❌ Yes, cancel it")
    await stage.settle(8)

    assert not any("Demo night" in said.text for said in stage.said_in(club))
