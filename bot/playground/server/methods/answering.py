"""Answers to button presses."""

from datetime import timedelta

from bot.playground.server.errors import bad_request
from bot.playground.server.methods.parameters import BOOLEAN, INTEGER, STRING
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.world import Query

ANSWER_LIMIT = 200
# A press can be answered this long; then Telegram calls it too old.
ANSWERABLE_FOR = timedelta(seconds=150)


def find_query(call: Call, query_id: str) -> Query:
    """An open query of this bot. Raises ApiError 400 for one that is unknown, too old or answered already."""
    query = call.world.queries.get(query_id)
    is_open = query is not None and query.bot_id == call.bot.id and not query.is_answered
    if query is None or not is_open or call.world.now() - query.asked_at >= ANSWERABLE_FOR:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


@method(
    "answerCallbackQuery",
    "Boolean",
    required_parameters={"callback_query_id": STRING},
    optional={"text": STRING, "show_alert": BOOLEAN, "url": STRING, "cache_time": INTEGER},
)
def answer_callback_query(call: Call) -> bool:
    """Stop the button's progress bar, perhaps with a toast or an alert."""
    if len(call.get("text", "")) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query = find_query(call, call["callback_query_id"])
    query.is_answered = True
    answer = {"show_alert": False, "cache_time": 0, **call.args}
    del answer["callback_query_id"]
    query.answer = answer
    query.on_answer(answer)
    call.world.note_change("answer", chat=query.key, user_id=query.user_id, **answer)
    return True
