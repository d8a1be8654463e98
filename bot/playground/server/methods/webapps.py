"""Answers to Mini Apps."""

from bot.playground.server import posting
from bot.playground.server.errors import bad_request, not_emulated
from bot.playground.server.methods.answering import find_query
from bot.playground.server.methods.formatting import TEXT_LIMIT, format_text
from bot.playground.server.methods.keyboards import checked_inline
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.parameters import STRING, an_object
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.snapshots import Json

ARTICLE_FIELDS = {"reply_markup", "url", "description", "thumbnail_url", "thumbnail_width", "thumbnail_height"}
CONTENT_FIELDS = {"parse_mode", "entities", "link_preview_options"}


@method(
    "answerWebAppQuery",
    "SentWebAppMessage",
    required_parameters={"web_app_query_id": STRING, "result": an_object("InlineQueryResult")},
)
def answer_web_app_query(call: Call) -> Json:
    """Send a message in the name of the person who opened the Mini App. Only articles with text are emulated."""
    query = find_query(call, call["web_app_query_id"])
    result = call["result"]
    kind = kind_of(result, "InlineQueryResult")
    if kind != "article":
        raise not_emulated(f"an InlineQueryResult of type {kind}")
    check_fields("InlineQueryResultArticle", result, {"type", "id", "title", "input_message_content"}, ARTICLE_FIELDS)
    body = _text(call, result["input_message_content"])
    chat = call.world.chats[query.key]
    keyboard = checked_inline(result["reply_markup"], chat) if result.get("reply_markup") else None
    if keyboard:
        body["reply_markup"] = keyboard
    query.is_answered = True
    row = posting.post(call.world, chat, posting.Draft(query.user_id, body, via_bot_id=call.bot.id))
    inline_message_id = f"inline-{call.world.token(20)}"
    call.world.inline_messages[inline_message_id] = chat.messages[row.id]
    return {"inline_message_id": inline_message_id}


def _text(call: Call, content: Json) -> Json:
    check_fields("InputTextMessageContent", content, {"message_text"}, CONTENT_FIELDS)
    text, entities = format_text(
        call.world,
        content["message_text"],
        mode=content.get("parse_mode", ""),
        entities=content.get("entities"),
        limit=TEXT_LIMIT,
        what="message",
    )
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})
