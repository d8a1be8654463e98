from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.app import build_bot
from bot.host import Host
from bot.playground.server.snapshots import Chat, Message, User
from jobs import follow_up_events, invite_to_events
from models.domain.members import consent, deep_links
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.event import Event, EventRating, EventSeries, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.member import Member, Mute
from models.tables.recommendation import Recommendation
from tests.stage import Stage

LINE = "/event Demo night, Fri 19:00-21:30 @ Café Kranz, 2 seats"


def buttons(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def card_in(stage: Stage, chat: Chat) -> Message:
    """The newest message of ours with answers under it."""
    return next(said for said in reversed(stage.said_in(chat)) if "✅ Going" in buttons(said))


async def make_known(stage: Stage, chat: Chat, *people: User) -> None:
    for person in people:
        stage.telegram.say(person, chat, "hello")
    await stage.settle()


async def publish(stage: Stage, club: Chat, olga: User, line: str = LINE) -> Message:
    stage.telegram.say(olga, club, line)
    await stage.settle()
    stage.telegram.press(olga, stage.said_in(club)[-1], "📣 Publish")
    await stage.settle()
    return card_in(stage, club)


async def rows(stage: Stage, query: Any) -> list[Any]:
    async with stage.database.reading() as session:
        return list(await session.scalars(query))


async def test_one_line_becomes_a_preview_and_then_a_card(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()
    preview = stage.said_in(club)[-1]

    press = stage.telegram.press(olga, preview, "📣 Publish")
    await stage.settle()

    card = card_in(stage, club)
    assert "Preview" in preview.text
    assert "Going 0/2" in preview.text
    assert press.is_answered
    assert card.id == preview.id
    assert "Preview" not in card.text
    assert "Demo night" in card.text
    assert "Fri 6 Mar 2026, 19:00 – 21:30 (UTC)" in card.text
    assert "Café Kranz" in card.text
    assert "Hosted by Olga" in card.text
    # A room's clock is everybody's: no client turns these into its own.
    assert [entity.get("date_time_format", "") for entity in card["entities"] if entity["type"] == "date_time"] == [
        "",
        "",
    ]


async def test_a_press_is_answered_and_the_same_message_shows_the_count(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga)

    press = stage.telegram.press(mia, card, "✅ Going")
    stage.telegram.press(jo, card, "🤔 Maybe")
    await stage.settle(8)

    shown = card_in(stage, club)
    assert press.answer is not None
    assert press.answer["text"] == "✅ You're going."
    assert shown.id == card.id
    assert "Going 1/2 · 🤔 Maybe 1" in shown.text
    assert shown.text.endswith("Mia")
    told = await rows(stage, select(Interaction.what).where(Interaction.kind == "rsvp").order_by(Interaction.id))
    assert told == ["going", "maybe"]


async def test_someone_who_never_wrote_can_press_too(stage: Stage) -> None:
    club, olga, _ = stage.club()
    silent = stage.telegram.add_user(first_name="Silent")
    stage.telegram.join(club, silent)
    await make_known(stage, club, olga)
    card = await publish(stage, club, olga)

    press = stage.telegram.press(silent, card, "✅ Going")
    await stage.settle()

    assert press.answer is not None
    assert press.answer["text"] == "✅ You're going."


async def test_a_second_press_takes_the_answer_back(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(5)

    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(5)

    assert "Going 0/2" in card_in(stage, club).text


async def test_a_thumb_on_the_card_is_an_answer(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)

    stage.telegram.react(mia, card, ["👍"])
    await stage.settle(5)
    with_thumb = card_in(stage, club).text
    stage.telegram.react(mia, card, [])
    await stage.settle(5)

    assert "Going 1/2" in with_thumb
    assert "Going 0/2" in card_in(stage, club).text


async def test_a_thumb_taken_back_after_another_answer_says_nothing_about_that_one(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.react(mia, card, ["👍"])
    await stage.settle()
    stage.telegram.press(mia, card, "🚫 Can't")
    await stage.settle()

    stage.telegram.react(mia, card, [])
    await stage.settle(5)

    assert await rows(stage, select(Rsvp.status)) == ["not_going"]
    assert await rows(stage, select(RawUpdate.error).where(RawUpdate.quarantined_at.is_not(None))) == []


async def test_a_freed_seat_is_offered_in_private(stage: Stage) -> None:
    club, olga, [mia, jo, wei] = stage.club("Mia", "Jo", "Wei")
    await make_known(stage, club, olga, mia, jo, wei)
    stage.telegram.start(wei, stage.bot)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    stage.telegram.press(jo, card, "✅ Going")
    await stage.settle()
    waiting = stage.telegram.press(wei, card, "✅ Going")
    await stage.settle()

    stage.telegram.press(mia, card, "🚫 Can't")
    await stage.settle(8)
    offer = stage.read_by(wei)[-1]
    taken = stage.telegram.press(wei, offer, "✅ I'll come")
    await stage.settle()

    assert waiting.answer is not None
    assert "number 1 on the waitlist" in waiting.answer["text"]
    assert "A seat is free for you at Demo night" in offer.text
    assert taken.is_answered
    held = await rows(stage, select(Rsvp).where(Rsvp.status == "going").order_by(Rsvp.id))
    assert [row.claim_until for row in held] == [None, None]
    assert "✅ You're going." in stage.read_by(wei)[-1].text


async def test_someone_unreachable_is_mentioned_in_the_group(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00, 1 seat")
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle()
    waiting = stage.telegram.press(jo, card, "✅ Going")
    await stage.settle()

    stage.telegram.press(mia, card, "🚫 Can't")
    await stage.settle(8)

    said = stage.said_in(club)[-1]
    assert waiting.answer is not None
    assert "start=" in waiting.answer["url"]
    assert said.text.startswith("Jo, a seat at Demo night is free for you")
    assert any(entity["type"] == "text_mention" for entity in said["entities"])


async def test_only_hosts_and_admins_publish(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.say(mia, club, LINE)
    stage.telegram.say(olga, club, LINE)
    await stage.settle()
    refusal, preview = stage.said_in(club)[-2:]

    press = stage.telegram.press(mia, preview, "📣 Publish")
    await stage.settle()

    assert "Only admins" in refusal.text
    assert press.answer is not None
    assert press.answer["show_alert"]
    assert [event.status for event in await rows(stage, select(Event))] == ["draft"]


async def test_a_line_that_is_no_event_gets_a_hint(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)

    stage.telegram.say(olga, club, "/event Demo night on Friday")
    await stage.settle()

    assert "at what time? Try: /event Demo night" in stage.said_in(club)[-1].text


async def test_a_chinese_community_plans_in_chinese(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    async with stage.database.transaction() as session:
        for community in (await session.scalars(select(Event.__table__.metadata.tables["community"].c.id))).all():
            table = Event.__table__.metadata.tables["community"]
            change = table.update().where(table.c.id == community)
            await session.execute(change.values(language="zh", time_zone="Asia/Shanghai"))

    stage.telegram.say(olga, club, "/event 下周五晚7点 Demo之夜 @ 咖啡馆 20人")
    await stage.settle()

    preview = stage.said_in(club)[-1].text
    assert "Demo之夜" in preview
    assert "2026年3月13日 周五 19:00 北京时间" in preview
    assert "参加 0/20" in preview


async def test_four_questions_in_private_make_an_event(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    stage.telegram.say(olga, club, "/event")
    await stage.settle()
    link = stage.said_in(club)[-1]["reply_markup"]["inline_keyboard"][0][0]["url"]
    private = stage.telegram.open_private(olga, stage.bot)

    stage.telegram.start(olga, stage.bot, payload=link.partition("start=")[2])
    for words in ("Founders' breakfast", "today 8am", "Fri 8:30", "Café Kranz"):
        await stage.settle()
        stage.telegram.say(olga, private, words)
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "No limit")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "📣 Publish")
    await stage.settle()

    said = stage.said_to(olga)
    assert any("has passed" in text for text in said)
    card = card_in(stage, club)
    assert "Founders' breakfast" in card.text
    assert "Going 0" in card.text


async def test_an_answer_to_when_may_make_a_series_with_an_end(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    private = stage.telegram.open_private(olga, stage.bot)
    stage.telegram.start(olga, stage.bot)

    for words in ("/event", "Reading club", "every Friday 19:00 until May", "Café Kranz", "12"):
        stage.telegram.say(olga, private, words)
        await stage.settle()

    assert "🔁 Every week until Thu 30 Apr 2026" in stage.read_by(olga)[-1].text
    [series] = await rows(stage, select(EventSeries))
    assert series.rule["until"].startswith("2026-04-30")


async def test_the_time_of_an_event_changes_without_a_series_beginning(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await publish(stage, club, olga)
    menu = await edit(stage, club, olga)
    private = stage.telegram.open_private(olga, stage.bot)

    stage.telegram.press(olga, menu, "Time")
    await stage.settle()
    stage.telegram.say(olga, private, "every Saturday 18:00 until May")
    await stage.settle(8)

    shown = card_in(stage, club).text
    assert "Sat 7 Mar 2026, 18:00" in shown
    assert "🔁" not in shown


async def test_a_line_says_how_often_an_event_happens(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)

    card = await publish(stage, club, olga, "/event Standup every Mon 9:30 @ Café Kranz, 6 times")

    assert "🔁 Every week, 6 times in all" in card.text
    [series] = await rows(stage, select(EventSeries))
    assert (series.rule["every"], series.rule["count"]) == ("week", 6)


async def test_moving_an_event_asks_those_going_again(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.start(mia, stage.bot)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle()
    wheel = stage.telegram.press(olga, card, "⚙️")
    await stage.settle()
    private = stage.telegram.open_private(olga, stage.bot)

    assert wheel.answer is not None
    stage.telegram.start(olga, stage.bot, payload=wheel.answer["url"].partition("start=")[2])
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "✏️ Edit")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "Time")
    await stage.settle()
    stage.telegram.say(olga, private, "Sat 18:00")
    await stage.settle(8)

    assert "moved to Sat 7 Mar, 18:00 – 20:30" in stage.said_to(mia)[-1]
    assert "Sat 7 Mar 2026, 18:00" in card_in(stage, club).text


async def test_a_cancelled_event_tells_those_going_and_takes_no_answers(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.start(mia, stage.bot)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    wheel = stage.telegram.press(olga, card, "⚙️")
    await stage.settle()
    assert wheel.answer is not None
    stage.telegram.start(olga, stage.bot, payload=wheel.answer["url"].partition("start=")[2])
    await stage.settle()

    stage.telegram.press(olga, stage.read_by(olga)[-1], "❌ Cancel the event")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "❌ Yes, cancel it")
    await stage.settle(8)

    shown = next(said for said in stage.said_in(club) if said.id == card.id)
    assert "is cancelled" in stage.said_to(mia)[-1]
    assert shown.text.startswith("❌ Cancelled")
    assert buttons(shown) == []


async def test_events_lists_what_is_coming_with_my_answers_in_private(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.start(mia, stage.bot)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    stage.telegram.say(mia, club, "/events")
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/events")

    await stage.settle(8)

    in_group, in_private = stage.said_in(club)[-1].text, stage.said_to(mia)[-1]
    assert "1. Demo night" in in_group
    assert "1 seat left" in in_group
    assert "You're going" not in in_group
    assert "You're going" in in_private


async def test_two_hundred_presses_are_all_answered_and_end_in_one_true_card(stage: Stage) -> None:
    names = [f"P{number}" for number in range(200)]
    club, olga, people = stage.club(*names)
    await make_known(stage, club, olga)
    card = await publish(stage, club, olga, "/event Demo night, Fri 19:00, 20 seats")
    stage.telegram.limits.is_on = True

    presses = [stage.telegram.press(person, card, "✅ Going") for person in people]
    await stage.settle(10)

    assert all(press.is_answered for press in presses)
    assert "Going 20/20 · ⏳ Waitlist 180" in card_in(stage, club).text
    edits = await rows(stage, select(Delivery).where(Delivery.kind == "card_edit", Delivery.sent_at.is_not(None)))
    assert len(edits) <= 12
    assert stage.clock.now() - max(edit.sent_at for edit in edits) < timedelta(seconds=10)


async def welcome(stage: Stage) -> tuple[Chat, User, User]:
    """A group, its owner, and Mia, who joined two days later and opened the private chat."""
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    await stage.pass_time(timedelta(days=2))
    mia = stage.telegram.add_user(first_name="Mia", username="mia")
    stage.telegram.join(club, mia)
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, mia)
    return club, olga, mia


async def test_an_invited_member_answers_in_private_and_the_card_in_the_group_shows_it(stage: Stage) -> None:
    club, olga, mia = await welcome(stage)
    await agree(stage, mia)
    await publish(stage, club, olga, "/event Hardware evening, Fri 19:00, 10 seats")
    await stage.clock.advance(timedelta(hours=4))

    outcome = await invite_to_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    invitation = stage.read_by(mia)[-1]
    stage.telegram.press(mia, invitation, "✅ Going")
    await stage.settle(8)

    assert outcome == "1 members invited, 1 events looked at"
    assert "You're new here" in invitation.text
    assert "✅ You're going." in stage.read_by(mia)[-1].text
    assert stage.read_by(mia)[-1].id == invitation.id
    assert "Going 1/10" in card_in(stage, club).text


async def test_a_thumb_answers_the_invitation_and_takes_back_what_waits(stage: Stage) -> None:
    club, olga, mia = await welcome(stage)
    await agree(stage, mia)
    card = await publish(stage, club, olga, "/event Hardware evening, Fri 19:00, 10 seats")
    await stage.clock.advance(timedelta(hours=4))
    await invite_to_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    async with stage.database.transaction() as session:
        # One that a quiet hour holds back.
        sent = (await session.scalars(select(Delivery).where(Delivery.kind == "invite"))).one()
        sent.claimed_at = sent.sent_at = None
        sent.due_at = stage.clock.now() + timedelta(hours=8)

    stage.telegram.react(mia, card, ["👍"])
    await stage.settle()

    assert await rows(stage, select(Recommendation.action)) == ["going"]
    assert await rows(stage, select(Delivery.failure).where(Delivery.kind == "invite")) == ["withdrawn"]


async def agree(stage: Stage, person: User) -> None:
    """The member says yes to everything, as /privacy lets them."""
    async with stage.database.transaction() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == person.id))).one()
        await consent.decide(
            session,
            member_id=member.id,
            community_id=1,
            purposes=Purpose,
            is_given=True,
            now=stage.clock.now(),
            way="button",
        )


async def test_strangers_cannot_press_with_forged_ids(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stranger = stage.telegram.add_user(first_name="Eve")
    stage.telegram.start(stranger, stage.bot)
    await stage.settle()
    forged = {
        "id": "1",
        "from": dict(stranger),
        "chat_instance": "1",
        "message": {**stage.read_by(stranger)[-1]},
        "data": card["reply_markup"]["inline_keyboard"][0][0]["callback_data"],
    }

    stage.telegram.inject(stage.bot, {"callback_query": forged})
    await stage.settle()

    answer = [call.params for call in stage.telegram.calls if call.method == "answerCallbackQuery"][-1]
    assert "for members of the community" in answer["text"]
    assert await rows(stage, select(Rsvp)) == []


async def test_the_calendar_file_comes_in_private(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    remind = stage.telegram.press(mia, card, "🔔 Remind me · 📅")
    await stage.settle()

    assert remind.answer is not None
    stage.telegram.start(mia, stage.bot, payload=remind.answer["url"].partition("start=")[2])
    await stage.settle()
    view = stage.read_by(mia)[-1]
    stage.telegram.press(mia, view, "📄 .ics")
    await stage.settle()

    assert "📅 Google" in buttons(view)
    assert stage.read_by(mia)[-1]["document"]["file_name"] == "event.ics"


async def test_the_file_of_a_maybe_says_so(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.start(mia, stage.bot)
    stage.telegram.press(mia, card, "🤔 Maybe")
    remind = stage.telegram.press(mia, card, "🔔 Remind me · 📅")
    await stage.settle()
    assert remind.answer is not None
    stage.telegram.start(mia, stage.bot, payload=remind.answer["url"].partition("start=")[2])
    await stage.settle()

    view = stage.read_by(mia)[-1]
    stage.telegram.press(mia, view, "📄 .ics")
    await stage.settle()

    file = stage.telegram.world.files[stage.read_by(mia)[-1]["document"]["file_id"]].content.decode()
    assert "STATUS:TENTATIVE" in file
    assert "SUMMARY:Maybe: Demo night" in file
    assert "text=Maybe%3A%20Demo%20night" in str(view.get("reply_markup"))


async def manage(stage: Stage, club: Chat, host: User) -> Message:
    """The host's menu in private."""
    wheel = stage.telegram.press(host, card_in(stage, club), "⚙️")
    await stage.settle()
    assert wheel.answer is not None
    stage.telegram.start(host, stage.bot, payload=wheel.answer["url"].partition("start=")[2])
    await stage.settle()
    return stage.read_by(host)[-1]


async def edit(stage: Stage, club: Chat, host: User) -> Message:
    """The page of the host's menu on which an event is changed."""
    stage.telegram.press(host, await manage(stage, club, host), "✏️ Edit")
    await stage.settle()
    return stage.read_by(host)[-1]


async def test_tickets_are_scanned_once_by_the_right_host(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle()
    async with stage.database.transaction() as session:
        event = (await session.scalars(select(Event))).one()
        rsvp = (await session.scalars(select(Rsvp))).one()
        ids = {"community_id": event.community_id, "target_id": rsvp.id}
        ticket = await deep_links.remember(session, "ticket", now=stage.clock.now(), **ids)
    await stage.clock.advance_to(event.starts_at)

    for who, payload in ((jo, ticket), (olga, ticket), (olga, ticket), (olga, "forged")):
        stage.telegram.start(who, stage.bot, payload=payload)
        await stage.settle()

    assert "Its hosts can scan it" in stage.said_to(jo)[-1]
    first, second, third = stage.said_to(olga)[-3:]
    assert first == "✅ Mia is in."
    assert second.startswith("⚠️ Already used: Mia came in Fri 6 Mar, 19:00")
    assert "expired or was meant for someone else" in third


async def test_the_host_ticks_names_off_a_list_and_members_give_the_code(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    stage.telegram.press(jo, card, "✅ Going")
    await stage.settle()
    async with stage.database.reading() as session:
        starts_at = (await session.scalars(select(Event.starts_at))).one()
    await stage.clock.advance_to(starts_at)
    await stage.settle()
    menu = await manage(stage, club, olga)

    stage.telegram.press(olga, menu, "🎟 Check people in")
    await stage.settle()
    before = stage.read_by(olga)[-1]
    stage.telegram.press(olga, before, "▫️ Mia")
    stage.telegram.press(olga, before, "🔳 Get a QR for the door")
    await stage.settle()
    code = before.text.split("Code at the door: ")[1][:4]
    stage.telegram.say(jo, stage.telegram.open_private(jo, stage.bot), f"/checkin {code}")
    await stage.settle()

    after = next(said for said in stage.read_by(olga) if said.id == before.id)
    assert "0 of 2 are here" in before.text
    assert "2 of 2 are here" in after.text
    assert {"☑️ Mia", "☑️ Jo"} <= set(buttons(after))
    assert stage.read_by(olga)[-1]["photo"]
    assert stage.said_to(jo)[-1] == "✅ Welcome to Demo night!"


async def test_an_attendee_rates_says_a_sentence_and_names_whom_they_met(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    for person in (mia, jo):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga, "/event Lunch, Fri 12:00-14:00")
    stage.telegram.press(mia, card, "✅ Going")
    stage.telegram.press(jo, card, "✅ Going")
    await stage.settle()
    async with stage.database.reading() as session:
        ends_at = (await session.scalars(select(Event.ends_at))).one()
    await stage.clock.advance_to(ends_at + timedelta(hours=1))

    await follow_up_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "⭐⭐⭐⭐")
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "🤝 Pick whom I met")
    await stage.settle()
    stage.telegram.press(mia, stage.read_by(mia)[-1], "▫️ Jo")
    await stage.settle()
    after = buttons(stage.read_by(mia)[-1])
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "Great soup")
    await stage.settle()

    assert after == ["🤝 Jo", "💚 Stay in touch"]
    assert "without your name" in stage.said_to(mia)[-1]
    [rating] = await rows(stage, select(EventRating))
    assert (rating.stars, rating.sentence) == (4, "Great soup")


async def test_a_host_names_a_co_host_and_does_it_again(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    for person in (mia, jo):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia, jo)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle()
    menu = await manage(stage, club, olga)
    private = stage.telegram.private(olga, stage.bot)

    for button, words in (
        ("👥 Add a co-host", "@jo"),
        ("📑 Plan it again", "Fri in two weeks 18:00"),
    ):
        stage.telegram.press(olga, menu, button)
        await stage.settle()
        stage.telegram.say(olga, private, words)
        await stage.settle()
    stage.telegram.press(olga, menu, "📄 Export (CSV)")
    stage.telegram.press(olga, menu, "🔒 Close answers")
    await stage.settle()
    late = stage.telegram.press(jo, card, "✅ Going")
    await stage.settle(8)

    assert "🔮 About 1 will come" in menu.text
    assert late.answer is not None
    assert "closed" in late.answer["text"]
    said = stage.read_by(olga)
    assert any("Preview" in one.text and "20 Mar 2026, 18:00" in one.text for one in said)
    assert any(one.get("document", {}).get("file_name", "").endswith(".csv") for one in said)
    shown = card_in(stage, club).text
    assert "Hosted by Olga and Jo" in shown
    assert "Answers are closed" in shown


async def test_every_control_under_an_invitation_works(stage: Stage) -> None:
    club, olga, mia = await welcome(stage)
    await agree(stage, mia)
    await publish(stage, club, olga, "/event Hardware evening, Fri 19:00, 10 seats")
    await stage.clock.advance(timedelta(hours=4))
    await invite_to_events.run(stage.host.services, now=stage.clock.now())
    await stage.settle()
    invitation = stage.read_by(mia)[-1]

    answers = []
    for label in ("❓ Why?", "⏸ Pause 2 weeks", "🙅 Not my thing", "⛔ Stop these"):
        press = stage.telegram.press(mia, invitation, label)
        await stage.settle()
        answers.append((press.answer or {}).get("text", ""))
        invitation = next(said for said in stage.read_by(mia) if said.id == invitation.id)
        if "⛔ Stop these" not in buttons(invitation):
            break

    async with stage.database.reading() as session:
        member = (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).one()
        muted = list(await session.scalars(select(Mute.kind).where(Mute.member_id == member.id)))
    assert any("You're new here" in text and "the day you joined" in text for text in stage.said_to(mia)[-2:])
    assert member.paused_until is not None
    assert muted == ["host"]
    assert "leave out this host's events" in answers[2]


async def test_the_private_list_is_narrowed_in_place(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga, "/event Breakfast, 20 Mar 8:30, 1 seat")
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "🤔 Maybe")
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/events")
    await stage.settle()
    everything = stage.read_by(mia)[-1]

    stage.telegram.press(mia, everything, "Mine")
    await stage.settle()

    mine = stage.read_by(mia)[-1]
    assert "Breakfast" in everything.text
    assert mine.id == everything.id
    assert "Demo night" in mine.text
    assert "Breakfast" not in mine.text
    assert "• Mine" in buttons(mine)


async def test_hosts_find_the_wheel_in_private_and_guests_do_not(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)

    views = []
    for person in (olga, mia):
        opened = stage.telegram.press(person, card, "🔔 Remind me · 📅")
        await stage.settle()
        assert opened.answer is not None
        stage.telegram.start(person, stage.bot, payload=opened.answer["url"].partition("start=")[2])
        await stage.settle()
        views.append(buttons(stage.read_by(person)[-1]))

    assert "⚙️" in views[0]
    assert "⚙️" not in views[1]


async def test_admins_let_everyone_plan_and_others_cannot(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.say(olga, club, "/event")
    await stage.settle()
    explained = stage.said_in(club)[-1]

    refused = stage.telegram.press(mia, explained, "👥 Let everyone plan events")
    await stage.settle()
    stage.telegram.press(olga, explained, "👥 Let everyone plan events")
    await stage.settle()
    stage.telegram.say(mia, club, LINE)
    await stage.settle()

    assert refused.answer is not None
    assert "Only admins" in refused.answer["text"]
    assert "Everyone may plan" in next(said.text for said in stage.said_in(club) if said.id == explained.id)
    assert "📣 Publish" in buttons(stage.said_in(club)[-1])


async def test_a_restart_in_the_middle_of_the_questions_loses_no_answer(stage: Stage) -> None:
    club, olga, _ = stage.club()
    await make_known(stage, club, olga)
    private = stage.telegram.open_private(olga, stage.bot)
    stage.telegram.start(olga, stage.bot)
    for words in ("/event", "Founders' breakfast", "Fri 8:30"):
        stage.telegram.say(olga, private, words)
        await stage.settle()

    await stage.host.stop()
    client = build_bot(stage.config.telegram, request=stage._request(), polling=stage._request())
    stage.host = Host(stage.host.services, client, name="again")
    await stage.open()
    stage.telegram.say(olga, private, "Café Kranz")
    await stage.settle()
    stage.telegram.say(olga, private, "12")
    await stage.settle()

    preview = stage.read_by(olga)[-1].text
    assert "Founders' breakfast" in preview
    assert "Fri 6 Mar 2026, 08:30" in preview
    assert "Going 0/12" in preview


async def test_a_card_without_names_shows_counts_only(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle()
    menu = await edit(stage, club, olga)

    stage.telegram.press(olga, menu, "🙈 Show counts only")
    await stage.settle(8)

    shown = card_in(stage, club).text
    assert "Going 1/2" in shown
    assert "Mia" not in shown


async def test_a_card_with_a_picture_counts_in_its_caption(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    private = stage.telegram.open_private(olga, stage.bot)
    stage.telegram.start(olga, stage.bot)
    stage.telegram.say(olga, private, LINE)
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "✏️ Edit")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "Picture")
    await stage.settle()
    stage.telegram.say(olga, private, "what picture?")
    stage.telegram.say(olga, private, media="photo")
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "📣 Publish")
    await stage.settle()

    card = card_in(stage, club)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(8)

    assert "Send me a photo for the card." in stage.said_to(olga)
    assert card["photo"]
    assert "Going 1/2" in card_in(stage, club)["caption"]


async def test_a_forgotten_member_leaves_the_card(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(8)
    before = card_in(stage, club).text

    await stage.forgetme(mia)
    await stage.settle(5)

    assert "Mia" in before
    assert "Mia" not in card_in(stage, club).text
    assert "Going 0/2" in card_in(stage, club).text


async def test_admins_choose_language_and_zone_and_events_follow(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    stage.telegram.say(mia, club, "/settings")
    stage.telegram.say(olga, club, "/settings Berlin")
    await stage.settle()
    refused, settings = stage.said_in(club)[-2:]

    stage.telegram.press(olga, settings, "简体中文")
    await stage.settle()
    stage.telegram.say(olga, club, "/event 周五晚7点 Demo之夜")
    await stage.settle()

    assert "Only admins" in refused.text
    assert "Berlin time" in settings.text
    assert "2026年3月6日 周五 19:00 柏林时间" in stage.said_in(club)[-1].text


async def test_an_unlisted_event_is_found_by_its_card_and_links_only(stage: Stage) -> None:
    club, olga, [mia, jo] = stage.club("Mia", "Jo")
    for person in (olga, mia, jo):
        stage.telegram.start(person, stage.bot)
    await make_known(stage, club, olga, mia, jo)
    private = stage.telegram.private(olga, stage.bot)
    stage.telegram.say(olga, private, LINE)
    await stage.settle()
    stage.telegram.press(olga, stage.read_by(olga)[-1], "✏️ Edit")
    await stage.settle()

    stage.telegram.press(olga, stage.read_by(olga)[-1], "🔗 Show only by card or link")
    await stage.settle()
    menu = stage.read_by(olga)[-1]
    stage.telegram.press(olga, menu, "📣 Publish")
    await stage.settle()
    card = card_in(stage, club)
    stage.telegram.press(mia, card, "✅ Going")
    opened = stage.telegram.press(jo, card, "🔔 Remind me · 📅")
    await stage.settle()
    for person in (mia, jo):
        stage.telegram.say(person, stage.telegram.private(person, stage.bot), "/events")
    stage.telegram.say(jo, club, "/events")
    await stage.settle(8)
    lists = [stage.said_to(mia)[-1], stage.said_to(jo)[-1], stage.said_in(club)[-1].text]
    assert opened.answer is not None
    stage.telegram.start(jo, stage.bot, payload=opened.answer["url"].partition("start=")[2])
    await stage.settle()

    assert "Unlisted" in menu.text
    assert "📢 Show to everyone" in buttons(menu)
    assert "Unlisted" not in card.text
    assert ["Demo night" in text for text in lists] == [True, False, True]
    assert "Demo night" in stage.said_to(jo)[-1]


async def test_a_forged_press_opens_no_unlisted_event(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    stage.telegram.start(mia, stage.bot)
    await make_known(stage, club, olga, mia)
    await publish(stage, club, olga)
    stage.telegram.press(olga, await edit(stage, club, olga), "🔗 Show only by card or link")
    await stage.settle()
    message = {**stage.read_by(mia)[-1]}
    presses = [
        {"id": str(number), "from": dict(mia), "chat_instance": "1", "message": message, "data": f"1:event:{action}:1"}
        for number, action in enumerate(("show", "open"))
    ]

    for press in presses:
        stage.telegram.inject(stage.bot, {"callback_query": press})
    await stage.settle(5)

    assert not any("Demo night" in text for text in stage.said_to(mia))
    answers = [call.params for call in stage.telegram.calls if call.method == "answerCallbackQuery"]
    assert [one["callback_query_id"] for one in answers[-2:]] == ["0", "1"]
    assert not any("url" in one for one in answers[-2:])
    assert stage.said_to(mia)[-1] == "This event no longer exists."
