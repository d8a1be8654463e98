"""Whatever a bot or a page sends, it is answered: no argument, however odd, breaks the server."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.clock import SimulatedClock
from bot.playground.server import LocalTelegram
from bot.playground.server.methods.registry import METHODS
from tests.bot.playground.conftest import TOKEN, Client
from tests.bot.playground.spec import ARRAY, SpecChecker, load_spec
from tests.outside import BOTAPI, NO_BOTAPI


def world() -> LocalTelegram:
    """A private chat, a group, a forum and a channel where the bot is an administrator."""
    tg = LocalTelegram(clock=SimulatedClock(datetime(2026, 11, 23, tzinfo=UTC)), random=Random(7))
    bot = tg.add_bot(TOKEN, "Klatch", "klatch_bot")
    mia, wei = tg.add_user("Mia"), tg.add_user("Wei")
    forum = tg.add_chat("Forum", owner=mia, is_forum=True, username="founders")
    channel = tg.add_chat("News", kind="channel", owner=mia)
    group = tg.add_chat("Group", kind="group", owner=mia)
    tg.create_topic(forum, "Hardware", by=mia)
    tg.join(forum, wei)
    for chat in (forum, channel, group):
        tg.promote(chat, bot, by=mia)
        tg.say(mia, chat, "Hello")
    tg.start(mia, bot)
    tg.say(mia, forum, media="photo", caption="A chart")
    return tg


WAITING = {"getUpdates", "setWebhook"}
NAMES = sorted(method.name for method in METHODS.values() if method.name not in WAITING)
# Chats of the world below, and some that are none.
FORUM, CHANNEL, GROUP, MIA, WEI = -1_002_200_000_001, -1_002_200_000_002, -4_200_000_001, 5_200_000_001, 5_200_000_002
CHATS = [MIA, FORUM, CHANNEL, GROUP, FORUM, MIA, WEI, "@founders", 0, "@"]
INTEGERS = st.sampled_from([*range(-1, 9), 5_200_000_001, 5_200_000_002, 7_000_000_001, 2**53, -(2**63)])
FILE_ID = next(iter(world().world.files))
STRINGS = st.one_of(
    st.text(max_size=12),
    st.just(FILE_ID),
    st.sampled_from(
        ["", " ", "HTML", "<b>a</b>", "<", "👍", "typing", "photo", "article", "attach://x", "a" * 5000, "\ud800"]
    ),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), INTEGERS, st.floats(allow_nan=False, allow_infinity=False), STRINGS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)


def of_type(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a type of the specification; deeper inside now and then something else entirely."""
    if name.startswith(ARRAY):
        return st.lists(of_type(name.removeprefix(ARRAY), depth), max_size=3)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "Integer": INTEGERS,
        "Float": st.floats(-200, 200),
        "String": STRINGS,
        "Boolean": st.booleans(),
        "InputFile": STRINGS,
    }
    if name not in simple:
        return an_object(name, depth)
    return st.one_of(simple[name], ANYTHING) if depth > 1 else simple[name]


def an_object(name: str, depth: int) -> st.SearchStrategy[Any]:
    """Objects of a type with some of their optional fields."""
    kind = load_spec()["types"][name]
    if kind.get("subtypes"):
        return st.one_of([of_type(one, depth) for one in kind["subtypes"]])
    if depth > 3:
        return ANYTHING
    fields = kind.get("fields", [])
    required = {field["name"]: a_field(field, depth) for field in fields if field["required"]}
    optional = {field["name"]: a_field(field, depth) for field in fields if not field["required"]}
    usual = st.fixed_dictionaries(required, optional=optional)
    return st.one_of(usual, ANYTHING) if depth > 1 else usual


def a_field(field: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    """Values of one field or parameter."""
    if field["name"] in ("chat_id", "from_chat_id"):
        return st.sampled_from(CHATS)
    if "const" in field:
        return st.just(field["const"])
    return st.one_of([of_type(name, depth + 1) for name in field["types"]])


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A method and arguments of about the right types."""
    name = draw(st.sampled_from(NAMES))
    fields = load_spec()["methods"][name].get("fields", [])
    accepted = {**METHODS[name.lower()].required_parameters, **METHODS[name.lower()].optional}
    known = [field for field in fields if field["name"] in accepted]
    required = {field["name"]: a_field(field, 0) for field in known if field["required"]}
    optional = {field["name"]: a_field(field, 0) for field in known if not field["required"]}
    arguments: dict[str, Any] = draw(st.fixed_dictionaries(required, optional=optional))
    return name, arguments


@pytest.mark.skipif(not BOTAPI.exists(), reason=NO_BOTAPI)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(calls(), min_size=1, max_size=4))
async def test_any_arguments_get_an_answer_and_nothing_wrong_is_emitted(
    story: list[tuple[str, dict[str, Any]]],
) -> None:
    tg, checker = world(), SpecChecker()
    tg.hooks.append(checker)
    bot = tg.world.bots[7_000_000_001]

    answers = [await tg.bot_api.call(bot, name, arguments) for name, arguments in story]

    assert all(answer["ok"] or answer["error_code"] in (400, 403, 404, 413, 501) for answer in answers)
    assert checker.wrong == []


# Each row: a kind of junk a bot of ours must live through, queued as if Telegram had sent it.
JUNK: list[tuple[str, Any]] = [
    ("nothing known inside", {"update_from_2030": {"a": 1}}),
    ("a message without its chat", {"message": {"message_id": 1, "date": 1}}),
    ("texts for numbers", {"message": {"message_id": "one", "date": "now", "chat": {"id": "me", "type": 7}}}),
    ("nulls", {"message": None}),
    ("an id of its own", {"update_id": 5, "message": {}}),
    ("not even an object", 42),
]


@pytest.mark.parametrize("raw", [row[1] for row in JUNK], ids=[row[0] for row in JUNK])
async def test_injected_junk_arrives_as_it_is(tg: LocalTelegram, call: Client, raw: Any) -> None:
    update_id = tg.inject(7_000_000_001, raw)

    (found,) = await call("getUpdates")

    assert found == ({"update_id": update_id, **raw} if isinstance(raw, dict) else raw)


# Each row: names and words that break careless programs.
ODD_WORDS: list[tuple[str, Callable[[], str]]] = [
    ("right to left", lambda: "\u202emoolahs"),
    ("zero width", lambda: "a\u200b\u200db"),
    ("a family of one emoji", lambda: "👨‍👩‍👧‍👦 /start@klatch_bot"),
    ("tags", lambda: "<script>alert(1)</script>"),
    ("a null", lambda: "a\0b"),
    ("combining marks without end", lambda: "e" + "\u0301" * 500),
]


@pytest.mark.parametrize("words", [row[1]() for row in ODD_WORDS], ids=[row[0] for row in ODD_WORDS])
async def test_odd_words_pass_through_unharmed(tg: LocalTelegram, call: Client, words: str) -> None:
    odd = tg.add_user(words)
    tg.start(odd, 7_000_000_001)
    tg.say(odd, odd.id, words)

    heard = (await call("getUpdates"))[-1]["message"]

    assert heard["text"] == words
    assert heard["from"]["first_name"] == words
