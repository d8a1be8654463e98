"""Mini Apps: launch data signed as Telegram does, checked by another library and by hand."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.playground.server import BotUser, LocalTelegram, Refused, User
from bot.playground.server.miniapps import check_string
from tests.bot.playground.conftest import START, TOKEN, Client

ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "RSVP",
    "input_message_content": {"message_text": "I am <b>coming</b>", "parse_mode": "HTML"},
}


def test_launch_data_passes_another_librarys_check(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    # Here: to load it takes three seconds, which nobody who only collects the tests should wait.
    from aiogram.utils.web_app import check_webapp_signature, safe_parse_webapp_init_data

    init_data = tg.open_web_app(mia, bot, start_param="event_7")

    parsed = safe_parse_webapp_init_data(TOKEN, init_data)
    assert parsed.user is not None
    assert (parsed.user.id, parsed.start_param, parsed.auth_date) == (mia.id, "event_7", START)
    assert not check_webapp_signature("7000000001:OTHER", init_data)
    assert not check_webapp_signature(TOKEN, init_data.replace("event_7", "event_8"))


def test_the_hash_is_as_documented(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    fields = {name: values[0] for name, values in parse_qs(tg.open_web_app(mia, bot)).items()}
    given = fields.pop("hash")

    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()

    assert hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest() == given


def test_third_parties_verify_the_signature_with_the_servers_key(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    fields = {name: values[0] for name, values in parse_qs(tg.open_web_app(mia, bot)).items()}
    signature = base64.urlsafe_b64decode(fields.pop("signature") + "==")

    message = f"{bot.id}:WebAppData\n{check_string(fields)}".encode()

    Ed25519PublicKey.from_public_bytes(tg.web_app_public_key).verify(signature, message)  # raises when it is wrong
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(tg.web_app_public_key).verify(signature, message + b"!")


def test_a_keyboard_button_opens_without_launch_data(tg: LocalTelegram, mia: User, bot: BotUser) -> None:
    assert tg.open_web_app(mia, bot, from_keyboard=True) == ""


async def test_an_answer_is_sent_in_the_persons_name_once(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    query_id = parse_qs(tg.open_web_app(mia, bot))["query_id"][0]
    markup = {"inline_keyboard": [[{"text": "Undo", "callback_data": "undo"}]]}
    await call.updates()

    sent = await call("answerWebAppQuery", web_app_query_id=query_id, result=ARTICLE | {"reply_markup": markup})
    again = await call.refusal("answerWebAppQuery", web_app_query_id=query_id, result=ARTICLE)
    (heard,) = await call.updates()
    tg.press(mia, tg.messages(tg.private(mia, bot))[-1], "Undo")
    (pressed,) = await call.updates()
    edited = await call("editMessageText", inline_message_id=sent["inline_message_id"], text="Taken back")

    assert (heard["message"]["from"]["id"], heard["message"]["via_bot"]["id"]) == (mia.id, bot.id)
    assert heard["message"]["text"] == "I am coming"
    assert "query is too old" in again[1]
    assert pressed["callback_query"]["inline_message_id"] == sent["inline_message_id"]
    assert edited is True
    assert tg.messages(tg.private(mia, bot))[-1]["text"] == "Taken back"


async def test_other_results_are_refused_aloud(tg: LocalTelegram, call: Client, mia: User, bot: BotUser) -> None:
    query_id = parse_qs(tg.open_web_app(mia, bot))["query_id"][0]

    refusal = await call.refusal("answerWebAppQuery", web_app_query_id=query_id, result={"type": "gif", "id": "1"})

    assert refusal == (501, "Not Implemented: an InlineQueryResult of type gif is not emulated by the local Telegram")


async def test_a_keyboard_app_sends_its_data_to_the_bot(
    tg: LocalTelegram, call: Client, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)
    await call.updates()
    data: dict[str, Any] = {"data": '{"seats": 2}', "button_text": "Book"}

    tg.send_web_app_data(mia, bot, **data)
    (heard,) = await call.updates()

    assert heard["message"]["web_app_data"] == data
    with pytest.raises(Refused, match="4096"):
        tg.send_web_app_data(mia, bot, "a" * 4097, "Book")
