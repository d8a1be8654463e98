"""What administrator bots do to members, links, topics, titles and pins."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, Chat, LocalTelegram, Refused, User
from tests.bot.playground.conftest import START, Client


@pytest.fixture
def ruled(tg: LocalTelegram, club: Chat, mia: User, bot: BotUser) -> Chat:
    """The club with the bot as an administrator who may do everything."""
    rights = ["can_restrict_members", "can_promote_members", "can_invite_users", "can_change_info"]
    rights += ["can_pin_messages", "can_delete_messages", "can_manage_tags", "can_manage_topics"]
    tg.promote(club, bot, by=mia, **dict.fromkeys(rights, True))
    return club


async def status_of(call: Client, chat: Chat, user: User) -> str:
    member: dict[str, Any] = await call("getChatMember", chat_id=chat.id, user_id=user.id)
    return str(member["status"])


# Each row: a method, what it is given besides the chat, and the words of the refusal without rights.
NEEDS_RIGHTS: list[tuple[str, dict[str, Any], str]] = [
    ("banChatMember", {"user_id": 5200000002}, "not enough rights to restrict/unrestrict chat member"),
    ("restrictChatMember", {"user_id": 5200000002, "permissions": {}}, "not enough rights to restrict/unrestrict"),
    ("promoteChatMember", {"user_id": 5200000002}, "not enough rights to add new administrators"),
    ("setChatTitle", {"title": "New"}, "not enough rights to change chat title"),
    ("setChatDescription", {"description": "New"}, "not enough rights to set chat description"),
    ("setChatPermissions", {"permissions": {}}, "not enough rights to change chat permissions"),
    ("createChatInviteLink", {}, "not enough rights to manage chat invite link"),
    ("pinChatMessage", {"message_id": 1}, "not enough rights to manage pinned messages in the chat"),
    ("setChatMemberTag", {"user_id": 5200000002, "tag": "a"}, "not enough rights to change tags"),
    ("createForumTopic", {"name": "a"}, "the chat is not a forum"),
]


@pytest.mark.parametrize(("method", "params", "words"), NEEDS_RIGHTS, ids=[row[0] for row in NEEDS_RIGHTS])
async def test_a_plain_member_may_not(
    call: Client, club: Chat, method: str, params: dict[str, Any], words: str
) -> None:
    refusal = await call.refusal(method, chat_id=club.id, **params)

    assert refusal[0] == 400
    assert words in refusal[1]


async def test_banning_and_letting_back(tg: LocalTelegram, call: Client, ruled: Chat, wei: User) -> None:
    tg.say(wei, ruled, "Buy my course")

    await call("banChatMember", chat_id=ruled.id, user_id=wei.id, revoke_messages=True)
    banned = await status_of(call, ruled, wei)
    with pytest.raises(Refused, match="banned"):
        tg.join(ruled, wei)
    await call("unbanChatMember", chat_id=ruled.id, user_id=wei.id)
    tg.join(ruled, wei)

    assert banned == "kicked"
    assert not any(one.get("text") == "Buy my course" for one in tg.messages(ruled))
    assert await status_of(call, ruled, wei) == "member"


async def test_a_ban_ends_at_its_date(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, ruled: Chat, wei: User
) -> None:
    until = int((START + timedelta(days=1)).timestamp())
    await call("banChatMember", chat_id=ruled.id, user_id=wei.id, until_date=until)

    await clock.advance(timedelta(days=1))
    tg.join(ruled, wei)

    assert await status_of(call, ruled, wei) == "member"


async def test_nobody_bans_the_owner_or_other_peoples_administrators(
    tg: LocalTelegram, call: Client, ruled: Chat, mia: User, wei: User
) -> None:
    tg.promote(ruled, wei, by=mia)

    owner = await call.refusal("banChatMember", chat_id=ruled.id, user_id=mia.id)
    admin = await call.refusal("banChatMember", chat_id=ruled.id, user_id=wei.id)
    nobody = await call.refusal("banChatMember", chat_id=ruled.id, user_id=1)

    assert owner[1] == "Bad Request: can't remove chat owner"
    assert admin[1] == "Bad Request: user is an administrator of the chat"
    assert nobody[1] == "Bad Request: invalid user_id specified"


async def test_restrictions_leave_what_was_granted(tg: LocalTelegram, call: Client, ruled: Chat, wei: User) -> None:
    where = {"chat_id": ruled.id, "user_id": wei.id}

    await call("restrictChatMember", **where, permissions={"can_send_polls": True})
    implied = await call("getChatMember", **where)
    await call(
        "restrictChatMember", **where, permissions={"can_invite_users": True}, use_independent_chat_permissions=True
    )

    assert (implied["status"], implied["can_send_messages"], implied["can_send_photos"]) == ("restricted", True, False)
    with pytest.raises(Refused, match="may not write"):
        tg.say(wei, ruled, "a")


async def test_a_bot_gives_only_rights_it_has_and_names_its_administrators(
    call: Client, ruled: Chat, wei: User
) -> None:
    where = {"chat_id": ruled.id, "user_id": wei.id}

    beyond = await call.refusal("promoteChatMember", **where, can_manage_video_chats=True)
    await call("promoteChatMember", **where, can_pin_messages=True)
    await call("setChatAdministratorCustomTitle", **where, custom_title="Mentor")
    member = await call("getChatMember", **where)
    await call("promoteChatMember", **where)

    assert beyond[1] == "Bad Request: RIGHT_FORBIDDEN"
    assert (member["custom_title"], member["can_be_edited"], member["can_pin_messages"]) == ("Mentor", True, True)
    assert await status_of(call, ruled, wei) == "member"


async def test_tags_are_shown_on_plain_members(call: Client, ruled: Chat, mia: User, wei: User) -> None:
    await call("setChatMemberTag", chat_id=ruled.id, user_id=wei.id, tag="mentor")

    assert (await call("getChatMember", chat_id=ruled.id, user_id=wei.id))["tag"] == "mentor"
    assert (await call.refusal("setChatMemberTag", chat_id=ruled.id, user_id=mia.id, tag="a"))[0] == 400


async def test_titles_and_descriptions(tg: LocalTelegram, call: Client, ruled: Chat) -> None:
    await call("setChatTitle", chat_id=ruled.id, title="Founders of Berlin")
    await call("setChatDescription", chat_id=ruled.id, description="We build")
    chat = await call("getChat", chat_id=ruled.id)

    assert (chat["title"], chat["description"]) == ("Founders of Berlin", "We build")
    assert tg.messages(ruled)[-1]["new_chat_title"] == "Founders of Berlin"
    same = await call.refusal("setChatDescription", chat_id=ruled.id, description="We build")
    assert same[1] == "Bad Request: chat description is not modified"


async def test_pinning_says_so_and_unpinning_does_not(tg: LocalTelegram, call: Client, ruled: Chat, mia: User) -> None:
    first, second = tg.say(mia, ruled, "Rules"), tg.say(mia, ruled, "Demo night")
    await call.updates()

    await call("pinChatMessage", chat_id=ruled.id, message_id=first.id)
    tg.pin(mia, second)
    newest = (await call("getChat", chat_id=ruled.id))["pinned_message"]["text"]
    await call("unpinChatMessage", chat_id=ruled.id)
    older = (await call("getChat", chat_id=ruled.id))["pinned_message"]["text"]
    await call("unpinAllChatMessages", chat_id=ruled.id)

    assert [update["message"]["pinned_message"]["text"] for update in await call.updates()] == ["Rules", "Demo night"]
    assert (newest, older) == ("Demo night", "Rules")
    assert "pinned_message" not in await call("getChat", chat_id=ruled.id)
    assert (await call.refusal("unpinChatMessage", chat_id=ruled.id))[1] == "Bad Request: message to unpin not found"


async def test_invite_links_have_limits(tg: LocalTelegram, call: Client, clock: SimulatedClock, ruled: Chat) -> None:
    single = await call("createChatInviteLink", chat_id=ruled.id, name="One", member_limit=1)
    until = int((START + timedelta(hours=1)).timestamp())
    brief = await call("createChatInviteLink", chat_id=ruled.id, expire_date=until)
    primary = await call("exportChatInviteLink", chat_id=ruled.id)
    tg.join(ruled, tg.add_user("First"), invite_link=single["invite_link"])
    await call("revokeChatInviteLink", chat_id=ruled.id, invite_link=primary)
    await clock.advance(timedelta(hours=1))

    for link in (single["invite_link"], brief["invite_link"], primary, "https://t.me/+unknown"):
        with pytest.raises(Refused, match="not valid any more"):
            tg.join(ruled, tg.add_user("Late"), invite_link=link)


async def test_a_request_to_join_can_be_declined(tg: LocalTelegram, call: Client, ruled: Chat) -> None:
    link = await call("createChatInviteLink", chat_id=ruled.id, creates_join_request=True)
    guest = tg.add_user("Guest")
    tg.join(ruled, guest, invite_link=link["invite_link"])

    await call("declineChatJoinRequest", chat_id=ruled.id, user_id=guest.id)

    assert await status_of(call, ruled, guest) == "left"
    again = await call.refusal("declineChatJoinRequest", chat_id=ruled.id, user_id=guest.id)
    assert again[1] == "Bad Request: HIDE_REQUESTER_MISSING"


async def test_who_asks_to_join_can_be_written_to_for_five_minutes(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, ruled: Chat
) -> None:
    link = await call("createChatInviteLink", chat_id=ruled.id, creates_join_request=True)
    guest = tg.add_user("Guest")
    tg.join(ruled, guest, invite_link=link["invite_link"])

    await call("sendMessage", chat_id=guest.id, text="Who sent you?")
    await clock.advance(timedelta(minutes=5))
    late = await call.refusal("sendMessage", chat_id=guest.id, text="Hello?")

    assert late == (400, "Bad Request: chat not found")


async def test_a_forum_is_managed(tg: LocalTelegram, call: Client, mia: User, wei: User, bot: BotUser) -> None:
    forum = tg.add_chat("Founders", owner=mia, is_forum=True)
    tg.add_to_chat(forum, bot, by=mia)
    tg.promote(forum, bot, by=mia)
    tg.join(forum, wei)
    topic = await call("createForumTopic", chat_id=forum.id, name="Hiring")
    where = {"chat_id": forum.id, "message_thread_id": topic["message_thread_id"]}

    await call("editForumTopic", **where, name="Hiring & jobs")
    await call("closeForumTopic", **where)
    with pytest.raises(Refused, match="closed"):
        tg.say(wei, forum, "I search", topic=topic)
    await call("reopenForumTopic", **where)
    said = tg.say(wei, forum, "I search", topic=topic)
    await call("pinChatMessage", chat_id=forum.id, message_id=said.id)
    await call("unpinAllForumTopicMessages", **where)
    await call("hideGeneralForumTopic", chat_id=forum.id)
    await call("deleteForumTopic", **where)

    assert "general_forum_topic_hidden" in tg.messages(forum)[-1]
    assert not any(one.get("is_topic_message") for one in tg.messages(forum))
    assert "pinned_message" not in await call("getChat", chat_id=forum.id)
    assert (await call.refusal("editForumTopic", **where, name="a"))[1] == "Bad Request: TOPIC_ID_INVALID"
    assert (await call.refusal("hideGeneralForumTopic", chat_id=forum.id))[1] == "Bad Request: TOPIC_NOT_MODIFIED"


async def test_several_messages_move_or_go_at_once(
    tg: LocalTelegram, call: Client, ruled: Chat, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    ids = [tg.say(mia, ruled, f"line {number}").id for number in range(3)]
    moving = {"chat_id": mia.id, "from_chat_id": ruled.id, "message_ids": [*ids, 999]}

    forwarded = await call("forwardMessages", **moving)
    copied = await call("copyMessages", **moving)
    await call("deleteMessages", chat_id=ruled.id, message_ids=[*ids, 999])
    nothing = await call.refusal("forwardMessages", **moving)

    private = tg.messages(tg.private(mia, bot))[1:]
    assert [one["message_id"] for one in forwarded + copied] == [one.id for one in private]
    assert ["forward_origin" in one for one in private] == [True] * 3 + [False] * 3
    assert nothing[1] == "Bad Request: there are no messages to forward"


async def test_protected_messages_stay(tg: LocalTelegram, call: Client, ruled: Chat, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    sent = await call("sendMessage", chat_id=mia.id, text="For you only", protect_content=True)

    refusal = await call.refusal("forwardMessage", chat_id=ruled.id, from_chat_id=mia.id, message_id=sent["message_id"])

    assert sent["has_protected_content"] is True
    assert refusal[1] == "Bad Request: message can't be forwarded"


async def test_menu_button_and_suggested_rights(call: Client, mia: User) -> None:
    app = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org"}}

    before = await call("getChatMenuButton")
    await call("setChatMenuButton", menu_button=app)
    await call("setChatMenuButton", chat_id=mia.id, menu_button={"type": "commands"})
    await call("setMyDefaultAdministratorRights", rights={"is_anonymous": False, "can_manage_chat": True})

    assert before == {"type": "commands"}
    assert await call("getChatMenuButton") == app
    assert await call("getChatMenuButton", chat_id=mia.id) == {"type": "commands"}
    assert (await call("getMyDefaultAdministratorRights"))["can_manage_chat"] is True
    assert (await call("getMyDefaultAdministratorRights", for_channels=True))["can_manage_chat"] is False
