"""What somebody deletes in a group: what Klatch has to say there is said all the same, or its host is told."""

from __future__ import annotations

from bot.playground.server.things import Chat, Json, User
from tests.journeys.test_events import LINE, buttons, card_in, make_known
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
