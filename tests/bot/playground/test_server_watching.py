"""What the control API adds for a page that plays every member: their zone, their reactions, pages of messages, files."""

from typing import Any

import httpx
import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import Chat, LocalTelegram, User
from bot.playground.server.errors import Refused
from tests.bot.playground.conftest import START, TOKEN, Client


@pytest.fixture
def http(tg: LocalTelegram) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(tg.api), base_url="http://localhost:8081")


async def do(http: httpx.AsyncClient, action: str, **arguments: Any) -> Any:
    body = (await http.post("/playground/do", json={"action": action, **arguments})).json()
    assert body["ok"], body
    return body["result"]


# Each row: what is asked for, and which of the messages 1 to 6 are given.
PAGES: list[tuple[str, dict[str, int], list[int]]] = [
    ("everything", {}, [1, 2, 3, 4, 5, 6]),
    ("the newest", {"last": 2}, [5, 6]),
    ("those before one", {"before": 5, "last": 2}, [3, 4]),
    ("more than there are", {"before": 3, "last": 50}, [1, 2]),
    ("older than the oldest", {"before": 1}, []),
]


@pytest.mark.parametrize(("asked", "given"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
async def test_a_long_chat_is_read_in_pages(
    http: httpx.AsyncClient, tg: LocalTelegram, club: Chat, mia: User, asked: dict[str, int], given: list[int]
) -> None:
    while len(tg.messages(club)) < 6:
        tg.say(mia, club, "and another thing")

    page = await do(http, "messages", chat=club.key, **asked)

    assert [message["message_id"] for message in page] == given


async def test_a_page_sees_whose_reactions_and_votes_there_are(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User
) -> None:
    asked = await call("sendPoll", chat_id=club.id, question="When?", options=[{"text": "Mon"}, {"text": "Tue"}])
    poll = tg.messages(club)[-1]

    tg.vote(wei, poll, [1])
    tg.react(mia, poll, ["👍"])
    shown = tg.messages(club)[-1]

    assert shown["message_id"] == asked["message_id"]
    assert shown["voted_by"] == {str(wei.id): [1]}
    assert shown["reacted_by"] == {str(mia.id): [{"type": "emoji", "emoji": "👍"}]}


async def test_people_carry_their_time_zone_and_bots_are_not_told(
    http: httpx.AsyncClient, tg: LocalTelegram, call: Client, club: Chat, mia: User
) -> None:
    await do(http, "set_time_zone", user=mia.id, time_zone="Asia/Shanghai")
    tg.say(mia, club, "/hello")
    state = (await http.get("/playground/state")).json()["result"]

    assert state["time_zones"] == {str(mia.id): "Asia/Shanghai"}
    assert "Shanghai" not in str(await call("getUpdates"))
    with pytest.raises(Refused, match="Mars"):
        tg.set_time_zone(mia, "Mars/Olympus")


async def test_the_newest_words_of_bots_are_found_over_all_chats(
    http: httpx.AsyncClient, clock: SimulatedClock, tg: LocalTelegram, call: Client, club: Chat, mia: User, bot: User
) -> None:
    tg.start(mia, bot)
    for number in range(3):
        await clock.advance_to(START.replace(hour=10 + number))
        await call("sendMessage", chat_id=club.id if number == 1 else mia.id, text=f"{number}")
    tg.say(mia, club, "not a bot's")

    said = await do(http, "said_by_bots", last=2)
    state = (await http.get("/playground/state")).json()["result"]

    assert [(one["chat"], one["message"]["text"]) for one in said] == [(f"{mia.id}:{bot.id}", "2"), (club.key, "1")]
    assert [chat["last_message"]["text"] for chat in state["chats"]] == ["not a bot's", "2"]


async def test_a_document_is_a_download_without_a_token(
    http: httpx.AsyncClient, tg: LocalTelegram, call: Client, club: Chat
) -> None:
    page = b"<script>alert(1)</script>"
    sent = await http.post(
        f"/bot{TOKEN}/sendDocument", data={"chat_id": club.id}, files={"document": ("日程.html", page)}
    )
    file_id = sent.json()["result"]["document"]["file_id"]

    answer = await http.get("/playground/file", params={"file_id": file_id})
    unknown = await http.get("/playground/file", params={"file_id": "nothing"})
    stranger = await http.get("/playground/file", params={"file_id": file_id}, headers={"Host": "evil.example"})

    assert answer.content == page
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%97%A5%E7%A8%8B.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (unknown.status_code, stranger.status_code) == (404, 403)


def test_a_change_of_language_is_told_to_pages(mia: User, tg: LocalTelegram) -> None:
    told: list[str] = []
    tg.world.note_change = lambda kind, **details: told.append(f"{kind} {details['user']['language_code']}")  # type: ignore[method-assign]

    tg.change_user(mia, language_code="zh")

    assert told == ["user zh"]
