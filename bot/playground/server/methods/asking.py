"""Polls as bots make and end them."""

from datetime import UTC, datetime, timedelta

from bot.playground.server import hearing, polls, state
from bot.playground.server.errors import bad_request
from bot.playground.server.methods.formatting import format_text
from bot.playground.server.methods.keyboards import checked_inline
from bot.playground.server.methods.objects import check_fields
from bot.playground.server.methods.parameters import (
    BOOLEAN,
    CHAT,
    ENTITIES,
    INLINE_KEYBOARD,
    INTEGER,
    INTEGERS,
    STRING,
    an_array,
)
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.methods.sending import SENDING, deliver
from bot.playground.server.methods.targets import find_chat, find_message, find_writable_chat
from bot.playground.server.snapshots import Json, Message

QUESTION_LIMIT = 300
OPTION_LIMIT = 100
EXPLANATION_LIMIT = 200
DESCRIPTION_LIMIT = 1024
OPTION_COUNTS = range(1, 13)
OPEN_SECONDS = range(5, 2_628_001)
# Telegram still takes plain texts for options, as aiogram sends them.
OPTIONS = an_array("InputPollOption", or_texts_as="text")


@method(
    "sendPoll",
    "Message",
    required_parameters={"chat_id": CHAT, "question": STRING, "options": OPTIONS},
    optional={
        **SENDING,
        "question_parse_mode": STRING,
        "question_entities": ENTITIES,
        "is_anonymous": BOOLEAN,
        "type": STRING,
        "allows_multiple_answers": BOOLEAN,
        "allows_revoting": BOOLEAN,
        "members_only": BOOLEAN,
        "correct_option_ids": INTEGERS,
        "explanation": STRING,
        "explanation_parse_mode": STRING,
        "explanation_entities": ENTITIES,
        "description": STRING,
        "description_parse_mode": STRING,
        "description_entities": ENTITIES,
        "open_period": INTEGER,
        "close_date": INTEGER,
        "is_closed": BOOLEAN,
    },
)
def send_poll(call: Call) -> Message:
    """Ask. Each vote in a poll that is not anonymous comes back as a poll_answer."""
    chat = find_writable_chat(call, "poll")
    question = _text(call, "question", QUESTION_LIMIT)
    if not question:
        raise bad_request("poll question must be non-empty")
    poll = state.Poll(
        id=call.world.token(),
        bot_id=call.bot.id,
        question=question["question"],
        options=_options(call),
        settings=_settings(call, chat) | {name: part for name, part in question.items() if name != "question"},
        is_closed=call.get("is_closed", False),
        close_at=_close_at(call),
    )
    return deliver(call, chat, {}, poll=poll)


def _text(call: Call, name: str, limit: int) -> Json:
    """`name` and, when there are any, `name`_entities; empty without text."""
    text, entities = format_text(
        call.world,
        call.get(name, ""),
        mode=call.get(f"{name}_parse_mode", ""),
        entities=call.get(f"{name}_entities"),
        limit=limit,
        what=f"poll {name}",
    )
    return ({name: text} if text else {}) | ({f"{name}_entities": entities} if text and entities else {})


def _options(call: Call) -> list[state.PollOption]:
    if len(call["options"]) not in OPTION_COUNTS:
        raise bad_request("poll must have 1-12 options")
    options = []
    for index, option in enumerate(call["options"]):
        check_fields("InputPollOption", option, {"text"}, {"text_parse_mode", "text_entities"})
        text, entities = format_text(
            call.world,
            option["text"],
            mode=option.get("text_parse_mode", ""),
            entities=option.get("text_entities"),
            limit=OPTION_LIMIT,
            what="poll option",
        )
        if not text:
            raise bad_request("poll options must be non-empty")
        options.append(state.PollOption(f"option-{index}", text, entities))
    return options


def _settings(call: Call, chat: state.Chat) -> Json:
    kind, is_anonymous = call.get("type") or "regular", call.get("is_anonymous", True)
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    if chat.kind == "channel" and not is_anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    correct = call.get("correct_option_ids", [])
    if (kind == "quiz") != bool(correct) or not set(correct) <= set(range(len(call["options"]))):
        raise bad_request("wrong correct option IDs specified")
    settings: Json = {
        "is_anonymous": is_anonymous,
        "type": kind,
        "allows_multiple_answers": call.get("allows_multiple_answers", False),
        "allows_revoting": call.get("allows_revoting", kind == "regular"),
        "members_only": call.get("members_only", False),
    }
    if correct:
        settings["correct_option_ids"] = correct
    if "open_period" in call:
        settings["open_period"] = call["open_period"]
    texts = _text(call, "explanation", EXPLANATION_LIMIT) | _text(call, "description", DESCRIPTION_LIMIT)
    return settings | texts


def _close_at(call: Call) -> datetime | None:
    if "open_period" in call and "close_date" in call:
        raise bad_request("open_period and close_date can't be used together")
    if "close_date" in call:
        seconds = call["close_date"] - call.world.timestamp()
    elif "open_period" in call:
        seconds = call["open_period"]
    else:
        return None
    if seconds not in OPEN_SECONDS:
        raise bad_request("a poll can be open for 5-2628000 seconds")
    return datetime.fromtimestamp(call.world.timestamp(), UTC) + timedelta(seconds=seconds)


@method(
    "stopPoll",
    "Poll",
    required_parameters={"chat_id": CHAT, "message_id": INTEGER},
    optional={"reply_markup": INLINE_KEYBOARD},
)
def stop_poll(call: Call) -> Json:
    """End one's own poll and give its final state."""
    chat = find_chat(call)
    row = find_message(chat, call["message_id"], "stop poll in")
    if row.poll is None or row.author_bot_id != call.bot.id:
        raise bad_request("poll can't be stopped")
    polls.close_when_due(call.world, row)
    if row.poll.is_closed:
        raise bad_request("poll has already been closed")
    row.body.pop("reply_markup", None)
    keyboard = checked_inline(call["reply_markup"], chat) if call.get("reply_markup") else None
    if keyboard:
        row.body["reply_markup"] = keyboard
    final = polls.close(call.world, row)
    hearing.announce(call.world, row, is_edited=True)
    return final
