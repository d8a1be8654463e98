"""Which bot hears what: privacy mode, administrators, anonymous senders, channels, topics, migration."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.server import BotUser, Chat, LocalTelegram, Message, Refused, User
from tests.bot.playground.conftest import TOKEN, Client


def kinds(updates: list[dict[str, Any]]) -> list[str]:
    """What each update is about."""
    return [next(name for name in update if name != "update_id") for update in updates]


# Each row: what is said in a group, how, and whether a bot in privacy mode hears it.
PRIVACY: list[tuple[str, Callable[[LocalTelegram, Chat, User, Message], Any], bool]] = [
    ("small talk", lambda tg, club, who, last: tg.say(who, club, "Good morning"), False),
    ("a mention of the bot", lambda tg, club, who, last: tg.say(who, club, "ask @klatch_bot"), False),
    ("a command for this bot", lambda tg, club, who, last: tg.say(who, club, "/events@klatch_bot"), True),
    ("the same in capitals", lambda tg, club, who, last: tg.say(who, club, "/events@Klatch_Bot now"), True),
    ("a command for another bot", lambda tg, club, who, last: tg.say(who, club, "/events@other_bot"), False),
    ("a plain command after the bot spoke last", lambda tg, club, who, last: tg.say(who, club, "/events"), True),
    ("a command in the middle", lambda tg, club, who, last: tg.say(who, club, "try /events@klatch_bot"), False),
    ("a reply to the bot", lambda tg, club, who, last: tg.say(who, club, "me too", reply_to=last), True),
    ("a service message", lambda tg, club, who, last: tg.leave(club, who), True),
]


@pytest.mark.parametrize(("act", "is_heard"), [row[1:] for row in PRIVACY], ids=[row[0] for row in PRIVACY])
async def test_privacy_mode(
    tg: LocalTelegram, call: Client, club: Chat, wei: User, act: Callable[..., Any], is_heard: bool
) -> None:
    await call("sendMessage", chat_id=club.id, text="Hello")
    await call.updates()

    act(tg, club, wei, tg.messages(club)[-1])

    assert bool(await call.updates()) is is_heard


async def test_a_plain_command_goes_to_the_bot_that_spoke_last(
    tg: LocalTelegram, call: Client, club: Chat, wei: User, mia: User
) -> None:
    other = tg.add_bot("7000000002:TEST", "Other", "other_bot")
    tg.add_to_chat(club, other, by=mia)
    await call("sendMessage", chat_id=club.id, text="Hello")
    await Client(tg, other.token)("sendMessage", chat_id=club.id, text="Me too")
    await call.updates()

    tg.say(wei, club, "/help")

    assert await call.updates() == []
    assert kinds(await Client(tg, other.token).updates())[-1] == "message"


@pytest.mark.parametrize("is_admin", [True, False], ids=["administrator", "privacy mode off"])
async def test_administrators_and_bots_without_privacy_mode_hear_everything_but_other_bots(
    tg: LocalTelegram, mia: User, wei: User, is_admin: bool
) -> None:
    listener = tg.add_bot("7000000003:TEST", "Ear", "ear_bot", can_read_all_group_messages=not is_admin)
    stranger = tg.add_user("Weather", is_bot=True, username="weather_bot")
    club = tg.add_chat("Founders", owner=mia)
    for who in (listener, stranger, wei):
        tg.add_to_chat(club, who, by=mia)
    if is_admin:
        tg.promote(club, listener, by=mia)
    await Client(tg, listener.token).updates()

    tg.say(wei, club, "Good morning")
    tg.say(stranger, club, "It rains")
    heard = await Client(tg, listener.token).updates()

    assert [update["message"]["text"] for update in heard] == ["Good morning"]


async def test_only_administrators_see_reactions_and_memberships(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    await call.updates("message_reaction", "message_reaction_count", "chat_member")
    message = tg.say(mia, club, "Lunch?")

    tg.react(wei, message, ["👍"])
    as_member = await call.updates()
    tg.promote(club, bot, by=mia)
    tg.react(wei, message, ["🔥"])
    tg.react(wei, message, [])
    tg.leave(club, wei)
    as_admin = await call.updates()

    assert as_member == []
    assert kinds(as_admin) == ["message_reaction", "message_reaction", "chat_member"]
    changes = [
        (one["message_reaction"]["old_reaction"], one["message_reaction"]["new_reaction"]) for one in as_admin[:2]
    ]
    thumb, fire = ({"type": "emoji", "emoji": emoji} for emoji in "👍🔥")
    assert changes == [([thumb], [fire]), ([fire], [])]


async def test_reactions_of_a_channel_come_as_counts_only(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    channel = tg.add_chat("News", kind="channel", owner=mia)
    tg.promote(channel, bot, by=mia)
    await call.updates("message_reaction", "message_reaction_count", "channel_post")
    post = tg.say(mia, channel, "We open at noon")

    tg.react(mia, post, ["👍"])
    tg.react_anonymously(post, {"👍": 12, "🎉": 3})
    heard = await call.updates()

    assert kinds(heard) == ["channel_post", "message_reaction_count"]
    assert "from" not in heard[0]["channel_post"]
    assert heard[0]["channel_post"]["sender_chat"]["id"] == channel.id
    counts = {one["type"]["emoji"]: one["total_count"] for one in heard[1]["message_reaction_count"]["reactions"]}
    assert counts == {"👍": 13, "🎉": 3}


async def test_a_bot_hears_of_its_own_changes_at_once(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    club = tg.add_chat("Founders", owner=mia)
    tg.add_to_chat(club, bot, by=mia)
    tg.promote(club, bot, by=mia, can_delete_messages=True)
    tg.ban(club, bot, by=mia)

    heard = [update["my_chat_member"] for update in await call.updates() if "my_chat_member" in update]

    statuses = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in heard]
    assert statuses == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    assert heard[1]["new_chat_member"]["can_delete_messages"] is True
    assert heard[1]["new_chat_member"]["can_promote_members"] is False
    assert {one["from"]["id"] for one in heard} == {mia.id}


async def test_a_banned_bot_can_be_added_again_and_a_new_one_as_administrator(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    club, other = (tg.add_chat(title, owner=mia) for title in ("Founders", "Investors"))
    tg.add_to_chat(club, bot, by=mia)
    tg.ban(club, bot, by=mia)
    await call.updates()

    tg.add_to_chat(club, bot, by=mia)
    tg.promote(other, bot, by=mia)
    heard = await call.updates()

    assert kinds(heard) == ["my_chat_member", "my_chat_member", "message", "my_chat_member", "message"]
    statuses = [one["my_chat_member"]["new_chat_member"]["status"] for one in heard if "my_chat_member" in one]
    assert statuses == ["left", "member", "administrator"]
    assert [member["id"] for member in heard[4]["message"]["new_chat_members"]] == [bot.id]


async def test_a_topic_the_bot_made_does_not_make_every_line_in_it_a_reply(
    tg: LocalTelegram, call: Client, mia: User, wei: User, bot: BotUser
) -> None:
    forum = tg.add_chat("Founders", owner=mia, is_forum=True)
    tg.promote(forum, bot, by=mia)
    topic = await call("createForumTopic", chat_id=forum.id, name="Events")
    tg.demote(forum, bot, by=mia)
    tg.join(forum, wei)
    await call.updates()

    tg.say(wei, forum, "Good morning", topic=topic)

    assert await call.updates() == []


async def test_blocking_and_coming_back_is_told_in_the_private_chat(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    tg.block(mia, bot)
    tg.start(mia, bot, payload="back")

    heard = await call.updates()

    assert kinds(heard) == ["message", "my_chat_member", "my_chat_member", "message"]
    assert [one["my_chat_member"]["new_chat_member"]["status"] for one in heard[1:3]] == ["kicked", "member"]
    assert heard[3]["message"]["text"] == "/start back"


async def test_anonymous_administrators_and_channels_have_stand_ins(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, bot: BotUser
) -> None:
    channel = tg.add_chat("Mia's news", kind="channel", owner=mia)
    tg.link_channel(channel, club)
    tg.promote(club, bot, by=mia)
    await call.updates()

    tg.say(mia, club, "As myself")
    tg.say(mia, club, "As the group", sender_chat=club)
    tg.say(mia, club, "As my channel", sender_chat=channel)
    tg.say(mia, channel, "A post")
    heard = [update["message"] for update in await call.updates()]

    assert [(one["from"]["id"], one.get("sender_chat", {}).get("id")) for one in heard] == [
        (mia.id, None),
        (1087968824, club.id),
        (136817688, channel.id),
        (777000, channel.id),
    ]
    assert heard[3]["is_automatic_forward"] is True
    assert heard[3]["forward_origin"]["type"] == "channel"
    assert (await call("getChat", chat_id=club.id))["pinned_message"]["message_id"] == heard[3]["message_id"]


async def test_people_send_venues_and_locations_from_the_map(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    private = tg.open_private(mia, bot)
    here = {"latitude": 52.5163, "longitude": 13.3777}

    tg.say(mia, private, media="venue", title="Café Kranz", address="Kurfürstendamm 18", **here)
    tg.say(mia, private, media="location", live_period=900, **here)
    venue, live = [update["message"] for update in await call.updates()]

    assert venue["venue"] == {"location": here, "title": "Café Kranz", "address": "Kurfürstendamm 18"}
    assert venue["location"] == here
    assert live["location"] == {**here, "live_period": 900}


@pytest.mark.parametrize(
    "details",
    [
        {"media": "location"},  # nowhere
        {"media": "location", "latitude": 91.0, "longitude": 0.0},  # beyond the pole
        {"media": "location", "latitude": 1.0, "longitude": 0.0, "title": "Kranz"},  # a title makes a venue
        {"media": "venue", "latitude": 1.0, "longitude": 0.0, "title": "Kranz"},  # a venue has an address
    ],
)
def test_what_no_map_would_send_is_refused(tg: LocalTelegram, mia: User, bot: BotUser, details: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        tg.say(mia, tg.open_private(mia, bot), **details)


async def test_reactions_that_the_administrators_do_not_allow_are_refused_to_people_and_bots(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User
) -> None:
    message = tg.say(wei, club, "Good morning")
    tg.allow_reactions(club, ["🔥"], by=mia)
    thumb = [{"type": "emoji", "emoji": "👍"}]

    refused = await call.refusal("setMessageReaction", chat_id=club.id, message_id=message.id, reaction=thumb)
    with pytest.raises(Refused, match="REACTION_INVALID"):
        tg.react(wei, message, ["👍"])
    info = await call("getChat", chat_id=club.id)
    tg.allow_reactions(club, None, by=mia)
    await call("setMessageReaction", chat_id=club.id, message_id=message.id, reaction=thumb)

    assert refused == (400, "Bad Request: REACTION_INVALID")
    assert info["available_reactions"] == [{"type": "emoji", "emoji": "🔥"}]
    assert tg.messages(club)[-1]["reactions"] == [{"type": thumb[0], "total_count": 1}]


async def test_an_administrator_who_became_anonymous_speaks_and_reacts_as_the_group(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    tg.promote(club, wei, by=mia, is_anonymous=True, custom_title="Treasurer")
    await call.updates("message", "message_reaction")

    message = tg.say(wei, club, "The fee is due")
    tg.react(wei, message, ["🙏"])
    said, reacted = await call.updates()

    assert said["message"]["from"]["username"] == "GroupAnonymousBot"
    assert said["message"]["author_signature"] == "Treasurer"
    assert "user" not in reacted["message_reaction"]
    assert reacted["message_reaction"]["actor_chat"]["id"] == club.id


async def test_messages_in_a_topic_carry_it_and_quote_its_first_message(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    forum = tg.add_chat("Founders", owner=mia, is_forum=True)
    tg.add_to_chat(forum, bot, by=mia)
    tg.promote(forum, bot, by=mia)
    topic = tg.create_topic(forum, "Hardware", by=mia)
    await call.updates()

    opening = tg.say(mia, forum, "Who has a 3D printer?", topic=topic)
    tg.say(mia, forum, "Anyone?", reply_to=opening)
    tg.say(mia, forum, "Good morning")
    in_topic, reply, general = (update["message"] for update in await call.updates())
    answer = await call("sendMessage", chat_id=forum.id, message_thread_id=topic["message_thread_id"], text="Wei has")

    thread = topic["message_thread_id"]
    assert (in_topic["message_thread_id"], in_topic["is_topic_message"]) == (thread, True)
    assert in_topic["reply_to_message"]["forum_topic_created"]["name"] == "Hardware"
    assert (reply["message_thread_id"], reply["reply_to_message"]["message_id"]) == (thread, opening.id)
    assert "message_thread_id" not in general
    assert answer["message_thread_id"] == thread


async def test_plain_reply_threads_carry_their_root(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User
) -> None:
    root = tg.say(mia, club, "Who is coming?")

    first = tg.say(wei, club, "I am", reply_to=root)
    second = tg.say(mia, club, "Great", reply_to=first)

    assert [first["message_thread_id"], second["message_thread_id"]] == [root.id, root.id]
    assert "is_topic_message" not in second


async def test_a_group_that_becomes_a_supergroup_changes_its_id(
    tg: LocalTelegram, call: Client, mia: User, wei: User, bot: BotUser
) -> None:
    group = tg.add_chat("Founders", kind="group", owner=mia)
    tg.join(group, wei)
    tg.add_to_chat(group, bot, by=mia)
    await call.updates()

    bigger = tg.migrate(group)
    away, home = (update["message"] for update in await call.updates())
    envelope = await call.raw("sendMessage", chat_id=group.id, text="Hello?")
    sent = await call("sendMessage", chat_id=bigger.id, text="Hello!")

    assert (away["chat"]["id"], away["migrate_to_chat_id"]) == (group.id, bigger.id)
    assert (home["chat"]["id"], home["migrate_from_chat_id"]) == (bigger.id, group.id)
    assert envelope["error_code"] == 400
    assert "group chat was upgraded to a supergroup chat" in envelope["description"]
    assert envelope["parameters"] == {"migrate_to_chat_id": bigger.id}
    assert sent["message_id"] == home["message_id"] + 1


async def test_a_forward_tells_its_origin_unless_its_author_hides(
    tg: LocalTelegram, club: Chat, mia: User, wei: User
) -> None:
    shy = tg.add_user("Noa", last_name="Levi", hides_forwards=True)
    tg.join(club, shy)

    open_one = tg.say(mia, club, forward_of=tg.say(wei, club, "I offer help"))
    hidden = tg.say(mia, club, forward_of=tg.say(shy, club, "So do I"))
    again = tg.say(wei, club, forward_of=open_one)

    assert open_one["forward_origin"]["sender_user"] == wei
    assert hidden["forward_origin"]["sender_user_name"] == "Noa Levi"
    assert again["forward_origin"] == open_one["forward_origin"]


# Each row: what a person cannot do in a client.
REFUSED: list[tuple[str, Callable[[LocalTelegram, Chat, User, User], Any]]] = [
    ("write where one is not", lambda tg, club, mia, wei: tg.say(tg.add_user("Out"), club, "Hi")),
    ("write nothing", lambda tg, club, mia, wei: tg.say(mia, club, "  \n ")),
    ("write too much", lambda tg, club, mia, wei: tg.say(mia, club, "a" * 4097)),
    ("edit another's message", lambda tg, club, mia, wei: tg.edit(mia, tg.say(wei, club, "a"), "b")),
    ("edit without a change", lambda tg, club, mia, wei: tg.edit(mia, tg.say(mia, club, "a"), "a")),
    ("delete another's message", lambda tg, club, mia, wei: tg.delete(wei, tg.say(mia, club, "a"))),
    ("promote without the right", lambda tg, club, mia, wei: tg.promote(club, wei, by=wei)),
    ("remove the owner", lambda tg, club, mia, wei: tg.ban(club, mia, by=mia)),
    ("come back when banned", lambda tg, club, mia, wei: (tg.ban(club, wei, by=mia), tg.join(club, wei))),
    ("react twice without Premium", lambda tg, club, mia, wei: tg.react(wei, tg.say(mia, club, "a"), ["👍", "🔥"])),
    ("react with what is no reaction", lambda tg, club, mia, wei: tg.react(wei, tg.say(mia, club, "a"), ["✅"])),
    ("write in another's private chat", lambda tg, club, mia, wei: tg.say(wei, tg.private(mia, 7000000001), "a")),
    ("forward a service message", lambda tg, club, mia, wei: tg.say(wei, club, forward_of=tg.messages(club)[0])),
    ("speak as a chat of others", lambda tg, club, mia, wei: tg.say(wei, club, "a", sender_chat=club)),
    ("open a topic where there are none", lambda tg, club, mia, wei: tg.create_topic(club, "a", by=mia)),
    ("press what is not there", lambda tg, club, mia, wei: tg.press(wei, tg.say(mia, club, "a"), "Yes")),
    ("write when restricted", lambda tg, club, mia, wei: (tg.restrict(club, wei, by=mia), tg.say(wei, club, "a"))),
    ("use a deep link with blanks", lambda tg, club, mia, wei: tg.start(mia, 7000000001, "a b")),
]


@pytest.mark.parametrize("act", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_what_a_client_would_not_let_people_do(
    tg: LocalTelegram, club: Chat, mia: User, wei: User, act: Callable[..., Any]
) -> None:
    with pytest.raises(Refused):
        act(tg, club, mia, wei)


async def test_edits_are_heard_and_deletions_are_not(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    await call.updates()
    message = tg.say(mia, tg.private(mia, bot), "Fridai at 7")

    tg.edit(mia, message, "Friday at 7")
    tg.delete(mia, message)
    _, edited = await call.updates()

    assert edited["edited_message"]["text"] == "Friday at 7"
    assert edited["edited_message"]["edit_date"] >= edited["edited_message"]["date"]
    assert [one["text"] for one in tg.messages(tg.private(mia, bot))] == ["/start"]


def test_tokens_show_in_no_handle(tg: LocalTelegram, bot: BotUser) -> None:
    assert TOKEN not in repr(bot)
    assert TOKEN not in str(tg.calls)
