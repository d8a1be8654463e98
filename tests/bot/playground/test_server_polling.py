"""getUpdates as the real server does it."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, Chat, LocalTelegram, User
from bot.playground.server.methods import receiving
from tests.bot.playground.conftest import Client
from tests.patience import PATIENCE, eventually


def _texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


@pytest.fixture
def chatting(tg: LocalTelegram, mia: User, bot: BotUser) -> list[int]:
    """Five private messages; their update ids."""
    tg.start(mia, bot)
    for number in range(1, 5):
        tg.say(mia, tg.private(mia, bot), f"line {number}")
    first = tg.bot_row(bot).queue.head(1)[0].id
    return [first + number for number in range(5)]


async def test_unconfirmed_updates_come_again_and_an_offset_confirms_all_before_it(
    tg: LocalTelegram, call: Client, bot: BotUser, chatting: list[int]
) -> None:
    first = await call("getUpdates")
    again = await call("getUpdates", offset=chatting[0])
    rest = await call("getUpdates", offset=chatting[3])

    assert [update["update_id"] for update in first] == chatting
    assert again == first
    assert _texts(rest) == ["line 3", "line 4"]
    assert tg.pending(bot) == 2


# Each row: what an offset means, the offset relative to the first id, and the texts that come.
OFFSETS = [
    ("a negative one counts from the end and forgets the rest", -2, ["line 3", "line 4"]),
    ("more than there are from the end", -50, ["/start", "line 1", "line 2", "line 3", "line 4"]),
    ("one far in the future is ignored", 10_000_000, ["/start", "line 1", "line 2", "line 3", "line 4"]),
    ("one long past confirms nothing", 1, ["/start", "line 1", "line 2", "line 3", "line 4"]),
]


@pytest.mark.parametrize(("offset", "texts"), [row[1:] for row in OFFSETS], ids=[row[0] for row in OFFSETS])
async def test_offsets(
    call: Client, tg: LocalTelegram, bot: BotUser, chatting: list[int], offset: int, texts: list[str]
) -> None:
    asked = chatting[0] + offset if offset > 1 else offset

    found = await call("getUpdates", offset=asked)

    assert _texts(found) == texts
    assert tg.pending(bot) == len(texts)


# Each row: why, the limit asked for, how many come of 120.
LIMITS = [
    ("a hundred without a limit", None, 100),
    ("as many as asked for", 7, 7),
    ("never more than a hundred", 5000, 100),
    ("never less than one", 0, 1),
]


@pytest.mark.parametrize(("limit", "count"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
async def test_limits(call: Client, tg: LocalTelegram, mia: User, bot: BotUser, limit: int | None, count: int) -> None:
    for number in range(120):
        tg.say(mia, tg.private(mia, bot), f"{number}")

    found = await call("getUpdates", limit=limit)

    assert len(found) == count


async def test_the_same_offset_again_at_once_gets_a_single_update(
    call: Client, chatting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "SAME_OFFSET_SECONDS", PATIENCE)
    first = await call("getUpdates", offset=chatting[0])
    second = await call("getUpdates", offset=chatting[0])
    monkeypatch.setattr(receiving, "SAME_OFFSET_SECONDS", 0.0)
    third = await call("getUpdates", offset=chatting[0])

    assert [len(first), len(second), len(third)] == [5, 1, 5]


async def test_a_long_poll_waits_in_real_time_and_wakes_at_the_first_update(
    call: Client, tg: LocalTelegram, mia: User, bot: BotUser
) -> None:
    began = time.monotonic()
    empty = await call("getUpdates", timeout=1)
    waited = time.monotonic() - began
    poll = asyncio.create_task(call("getUpdates", offset=-1, timeout=50))
    await eventually(lambda: tg.world.bots[bot.id].poller is not None)
    tg.start(mia, bot)
    found = await poll

    assert empty == []
    assert waited > 0.9
    assert _texts(found) == ["/start"]


async def test_allowed_updates_apply_when_an_update_is_made_and_are_remembered(
    call: Client, tg: LocalTelegram, club: Chat, mia: User, wei: User, bot: BotUser
) -> None:
    tg.promote(club, bot, by=mia)
    message = tg.say(mia, club, "before")
    tg.react(wei, message, ["👍"])
    before = await call.updates("message_reaction")

    tg.say(mia, club, "not asked for")
    tg.react(wei, message, ["🔥"])
    remembered = await call.updates()
    await call("getUpdates", offset=-1, allowed_updates=[])
    tg.say(mia, club, "again")
    tg.react(wei, message, ["👏"])
    default = await call.updates()

    assert not any("message_reaction" in update for update in before)
    assert [sorted(update.keys() - {"update_id"}) for update in remembered] == [["message_reaction"]]
    assert "again" in _texts([update for update in default if "message" in update])
    assert not any(
        update.get("message_reaction", {}).get("new_reaction") == [{"type": "emoji", "emoji": "👏"}]
        for update in default
    )


async def test_a_second_poller_ends_the_first_with_409(
    call: Client, tg: LocalTelegram, mia: User, bot: BotUser
) -> None:
    first = asyncio.create_task(call.raw("getUpdates", timeout=50))
    await eventually(lambda: tg.world.bots[bot.id].poller is not None)
    second = asyncio.create_task(call.raw("getUpdates", timeout=50))
    refused = await first
    tg.start(mia, bot)
    heard = await second

    assert refused["error_code"] == 409
    assert "terminated by other getUpdates request" in refused["description"]
    assert _texts(heard["result"]) == ["/start"]


async def test_setting_a_webhook_ends_a_poll_that_waits(call: Client, tg: LocalTelegram, bot: BotUser) -> None:
    poll = asyncio.create_task(call.raw("getUpdates", timeout=50))
    await eventually(lambda: tg.world.bots[bot.id].poller is not None)

    await call("setWebhook", url="http://127.0.0.1:9/hook")
    refused = await poll

    assert (refused["error_code"], refused["description"]) == (409, "Conflict: terminated by setWebhook request")


async def test_polling_while_a_webhook_is_set_is_a_conflict(call: Client) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")

    code, words = await call.refusal("getUpdates")
    await call("deleteWebhook")

    assert (code, "can't use getUpdates method while webhook is active" in words) == (409, True)
    assert await call("getUpdates") == []


async def test_a_press_waits_150_seconds_for_the_bot_and_a_message_a_day(
    call: Client, tg: LocalTelegram, clock: SimulatedClock, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await call("sendMessage", chat_id=mia.id, text="Coming?", reply_markup=markup)
    tg.press(mia, {"chat": mia.id, "message_id": sent["message_id"]}, "y")

    counts = [tg.pending(bot)]
    for seconds in (149, 1, 86_400 - 151, 1):
        await clock.advance(timedelta(seconds=seconds))
        counts.append(tg.pending(bot))

    assert counts == [2, 2, 1, 1, 0]


async def test_pending_updates_can_be_dropped(
    call: Client, tg: LocalTelegram, bot: BotUser, chatting: list[int]
) -> None:
    waiting = (await call("getWebhookInfo"))["pending_update_count"]
    await call("deleteWebhook", drop_pending_updates=True)

    assert waiting == len(chatting)
    assert tg.pending(bot) == 0


async def test_any_json_can_be_injected(call: Client, tg: LocalTelegram, bot: BotUser) -> None:
    tg.inject(bot, {"message": {"date": "yesterday"}})
    tg.inject(bot, {"message_from_the_future": {}})
    tg.inject(bot, ["not", "an", "update"])

    found = await call("getUpdates")

    assert [one if isinstance(one, list) else sorted(one) for one in found] == [
        ["message", "update_id"],
        ["message_from_the_future", "update_id"],
        ["not", "an", "update"],
    ]


async def test_an_unknown_token_is_unauthorized(tg: LocalTelegram, bot: BotUser) -> None:
    stranger = Client(tg, "7000000001:WRONG")

    assert await stranger.refusal("getMe") == (401, "Unauthorized")


async def test_many_waiting_updates_come_in_full_batches(
    call: Client, tg: LocalTelegram, mia: User, bot: BotUser
) -> None:
    for number in range(5000):
        tg.say(mia, tg.private(mia, bot), f"line {number}")
    offset, sizes = 0, []
    while batch := await call("getUpdates", offset=offset):
        offset = batch[-1]["update_id"] + 1
        sizes.append(len(batch))

    assert sizes == [100] * 50
