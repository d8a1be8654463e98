"""The tables of methods and parameters are those of the specification, no more and no less."""

from typing import Any

import pytest
from telegram.constants import ReactionEmoji

import bot.playground.server  # noqa: F401  fills the registry
from bot.playground.server.methods.not_emulated import METHODS_NOT_EMULATED, PARAMETERS_NOT_EMULATED
from bot.playground.server.methods.registry import METHODS, Method
from bot.playground.server.reactions import EMOJI, VARIATION_SELECTOR
from bot.playground.server.updates import KINDS
from tests.bot.playground.conftest import Client
from tests.bot.playground.spec import load_spec, problems

ALL = sorted(METHODS.values(), key=lambda method: method.name)


def _fields(method: Method) -> dict[str, Any]:
    return {field["name"]: field for field in load_spec()["methods"][method.name].get("fields", [])}


def test_every_method_of_the_specification_is_either_emulated_or_refused_by_name() -> None:
    names = {method.name for method in ALL}

    assert names | METHODS_NOT_EMULATED == set(load_spec()["methods"])
    assert not names & METHODS_NOT_EMULATED


@pytest.mark.parametrize("method", ALL, ids=lambda method: method.name)
def test_parameters_have_the_names_types_and_duties_of_the_specification(method: Method) -> None:
    fields = _fields(method)
    accepted = {**method.required_parameters, **method.optional}

    refused = PARAMETERS_NOT_EMULATED.get(method.name, frozenset()) | (PARAMETERS_NOT_EMULATED["*"] & fields.keys())

    assert accepted.keys() | refused == fields.keys()
    assert not accepted.keys() & refused
    assert {name: set(parameter.types) for name, parameter in accepted.items()} == {
        name: set(fields[name]["types"]) for name in accepted
    }
    assert set(method.required_parameters) == {name for name, field in fields.items() if field["required"]}
    assert set(method.returns) == set(load_spec()["methods"][method.name]["returns"])


def test_update_kinds_are_those_of_the_specification() -> None:
    fields = {field["name"] for field in load_spec()["types"]["Update"]["fields"]}

    assert fields - {"update_id"} == KINDS


def test_bots_may_react_with_the_same_emoji_as_another_library_knows() -> None:
    assert {emoji.value.replace(VARIATION_SELECTOR, "") for emoji in ReactionEmoji} == EMOJI


# Each row: what is wrong, the call, and the answer's code and words.
REFUSALS = [
    ("a method nobody knows", "sendFax", {}, 404, "Not Found: method not found"),
    ("a method of the specification", "sendInvoice", {}, 501, "method sendInvoice is not emulated"),
    ("the same in another case", "SENDINVOICE", {}, 501, "method sendInvoice is not emulated"),
    ("a missing parameter", "sendMessage", {"chat_id": 1}, 400, 'parameter "text" of sendMessage is missing'),
    ("an unknown one", "getMe", {"colour": 1}, 400, 'getMe has no parameter "colour"'),
    ("one of the specification", "sendMessage", {"chat_id": 1, "text": "a", "message_effect_id": "1"}, 501, "emulated"),
    ("a wrong type", "getUpdates", {"limit": "many"}, 400, 'parameter "limit" must be Integer'),
    ("a boolean that is none", "deleteWebhook", {"drop_pending_updates": "maybe"}, 400, "must be Boolean"),
    ("an array of the wrong things", "getUpdates", {"allowed_updates": [1]}, 400, "must be Array of String"),
    ("an update kind nobody knows", "getUpdates", {"allowed_updates": ["fax"]}, 400, "unknown kinds: fax"),
    ("logging out", "logOut", {}, 400, "not connected to the cloud"),
    ("closing", "close", {}, 400, "cannot hand a bot to another server"),
]


@pytest.mark.parametrize(
    ("method", "params", "code", "words"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
async def test_what_is_not_understood_is_refused_aloud(
    call: Client, method: str, params: dict[str, Any], code: int, words: str
) -> None:
    refusal = await call.refusal(method, **params)

    assert refusal[0] == code
    assert words in refusal[1]


# Each row: what is wrong with an object, its type, the object, and how the checker says it.
WRONG = [
    ("a field is missing", "ForumTopic", {"name": "a", "icon_color": 1}, "message_thread_id: missing"),
    ("a field is unknown", "BotName", {"name": "a", "age": 1}, "has no such field"),
    ("a number is a text", "BotName", {"name": 7}, "String expected"),
    ("a truth is no number", "MessageId", {"message_id": True}, "Integer expected"),
    ("no subtype fits", "ChatMember", {"status": "guest", "user": {}}, "ChatMember"),
    ("an item is wrong", "Array of MessageId", [{"message_id": 1}, {}], "[1].message_id: missing"),
]


@pytest.mark.parametrize(("kind", "thing", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_the_checker_itself_finds_what_is_wrong(kind: str, thing: Any, words: str) -> None:
    assert any(words in problem for problem in problems([kind], thing, kind))
