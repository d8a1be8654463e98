"""Faults on order, published limits, and the record of calls."""

import logging
from datetime import timedelta
from random import Random

import httpx
import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, Chat, LocalTelegram, User
from tests.bot.playground.conftest import TOKEN, Client
from tests.bot.playground.http_server import serving
from tests.patience import PATIENCE


async def test_a_fault_strikes_only_its_method_chat_and_number_of_times(
    tg: LocalTelegram, call: Client, mia: User, wei: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    tg.start(wei, bot)
    tg.faults.add(method="sendMessage", kind="500", times=2, chat_id=wei.id)

    codes = []
    for chat_id in (mia.id, wei.id, wei.id, wei.id):
        envelope = await call.raw("sendMessage", chat_id=chat_id, text="a")
        codes.append(envelope.get("error_code"))
    me = await call("getMe")

    assert codes == [None, 500, 500, None]
    assert me["id"] == bot.id


async def test_any_method_can_fail_until_faults_are_cleared(tg: LocalTelegram, call: Client) -> None:
    tg.faults.add(method="*", kind="429", times=10, retry_after=7)

    envelope = await call.raw("getMe")
    tg.faults.clear()

    assert (envelope["error_code"], envelope["parameters"]) == (429, {"retry_after": 7})
    assert (await call("getMe"))["is_bot"]
    with pytest.raises(ValueError, match="no such fault"):
        tg.faults.add(method="*", kind="earthquake")  # type: ignore[arg-type]


async def test_a_dropped_answer_was_applied(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    tg.faults.add(method="sendMessage", kind="drop_after_apply")

    with pytest.raises(httpx.ReadError):
        await call("sendMessage", chat_id=mia.id, text="Once?")

    assert tg.messages(tg.private(mia, bot))[-1]["text"] == "Once?"


async def test_a_timeout_is_a_read_timeout_in_process_and_over_http(
    tg: LocalTelegram, call: Client, bot: BotUser
) -> None:
    tg.faults.add(method="getMe", kind="timeout", times=2)

    with pytest.raises(httpx.ReadTimeout):
        await call("getMe")
    async with serving(tg.api) as address, httpx.AsyncClient(timeout=PATIENCE, verify=False) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{address}/bot{TOKEN}/getMe", timeout=httpx.Timeout(PATIENCE, read=0.2))
        body = (await client.get(f"{address}/bot{TOKEN}/getMe")).json()

    assert body["ok"] is True


async def test_limits_are_off_by_default(call: Client, tg: LocalTelegram, club: Chat) -> None:
    for number in range(60):
        await call("sendMessage", chat_id=club.id, text=f"{number}")

    assert len([one for one in tg.messages(club) if "text" in one]) == 60


async def test_one_chat_takes_a_short_burst_then_one_message_a_second(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    tg.limits.is_on = True

    async def send() -> int:
        envelope = await call.raw("sendMessage", chat_id=mia.id, text="a")
        return int(envelope.get("parameters", {}).get("retry_after", 0))

    burst = [await send() for _ in range(6)]
    await clock.advance(timedelta(seconds=burst[-1]))
    after = await send()

    assert burst == [0, 0, 0, 0, 0, 5]
    assert after == 0


async def test_a_group_takes_twenty_a_minute_and_edits_count(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, club: Chat
) -> None:
    tg.limits.is_on = True
    sent = await call("sendMessage", chat_id=club.id, text="0")
    for number in range(1, 20):
        await clock.advance(timedelta(seconds=1))
        await call("editMessageText", chat_id=club.id, message_id=sent["message_id"], text=f"{number}")

    envelope = await call.raw("sendMessage", chat_id=club.id, text="one too many")
    await clock.advance(timedelta(seconds=envelope["parameters"]["retry_after"]))

    assert (envelope["error_code"], envelope["parameters"]["retry_after"]) == (429, 41)
    assert (await call.raw("sendMessage", chat_id=club.id, text="now"))["ok"]


async def test_thirty_a_second_go_out_over_all_chats(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, bot: BotUser
) -> None:
    guests = [tg.add_user(f"Guest {number}") for number in range(31)]
    for guest in guests:
        tg.start(guest, bot)
    tg.limits.is_on = True

    codes = [(await call.raw("sendMessage", chat_id=guest.id, text="a")).get("error_code") for guest in guests]
    await clock.advance(timedelta(seconds=1))

    assert codes == [None] * 30 + [429]
    assert (await call.raw("sendMessage", chat_id=guests[30].id, text="a"))["ok"]


async def test_every_call_is_recorded_with_its_answer(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    await call("sendMessage", chat_id=mia.id, text="Hello")
    await call.raw("sendMessage", chat_id=mia.id)
    await call.raw("sendFax")

    shown = [(one.method, one.bot_id, one.result is not None and one.result["ok"]) for one in tg.calls]
    assert shown == [("sendMessage", bot.id, True), ("sendMessage", bot.id, False), ("sendFax", bot.id, False)]
    assert tg.calls[0].params == {"chat_id": mia.id, "text": "Hello"}
    assert tg.calls[0].at == clock.now()


async def test_no_token_and_no_text_reaches_a_log(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    tg.start(mia, bot)
    tg.faults.add(method="getMe", kind="500")
    await call("sendMessage", chat_id=mia.id, text="for Mia only")
    await call.raw("getMe")
    async with serving(tg.api) as address, httpx.AsyncClient(verify=False) as client:
        await client.post(f"{address}/bot{TOKEN}/sendMessage", json={"chat_id": mia.id, "text": "for Mia only"})

    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert TOKEN not in str([record.getMessage() for record in ours])
    assert "for Mia only" not in str([record.getMessage() for record in ours])


async def test_parameters_come_by_query_form_json_or_multipart(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    tg.start(mia, bot)
    markup = '{"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}'
    fields = {"chat_id": str(mia.id), "text": "Coming?", "reply_markup": markup, "disable_notification": "True"}
    url = f"http://127.0.0.1/bot{TOKEN}/SENDMESSAGE"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(tg.api)) as client:
        answers = [
            await client.get(url, params=fields),
            await client.post(url, data=fields),
            await client.post(url, json=fields),
            await client.post(url, data=fields, files={"unused": b"x"}),
        ]
        broken = await client.post(url, content=b"{", headers={"Content-Type": "application/json"})
        listed = await client.post(url, json=[1])

    results = [answer.json()["result"] for answer in answers]
    assert {result["text"] for result in results} == {"Coming?"}
    assert {result["reply_markup"]["inline_keyboard"][0][0]["callback_data"] for result in results} == {"y"}
    assert broken.json()["description"] == "Bad Request: can't parse JSON object"
    assert listed.json()["description"] == "Bad Request: a JSON object is expected"


async def test_downloads_need_the_token_and_a_known_path(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    voice = tg.say(mia, tg.private(mia, bot), media="voice")["voice"]
    path = (await Client(tg, TOKEN)("getFile", file_id=voice["file_id"]))["file_path"]

    async with httpx.AsyncClient(transport=httpx.ASGITransport(tg.api), base_url="http://127.0.0.1/file") as client:
        found = await client.get(f"/bot{TOKEN}/{path}")
        stranger = await client.get(f"/bot1:a/{path}")
        missing = await client.get(f"/bot{TOKEN}/voices/none.oga")

    assert len(found.content) == voice["file_size"]
    assert (stranger.status_code, missing.status_code) == (401, 404)


def test_the_same_seed_makes_the_same_world(clock: SimulatedClock) -> None:
    def world() -> object:
        telegram = LocalTelegram(clock=clock, random=Random(3))
        bot, mia = telegram.add_bot(TOKEN, "Klatch", "klatch_bot"), telegram.add_user("Mia")
        telegram.start(mia, bot)
        telegram.say(mia, telegram.private(mia, bot), media="photo")
        return telegram.messages(telegram.private(mia, bot))

    assert world() == world()
