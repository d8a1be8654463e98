"""Photos, documents, voice notes, ...: sending, albums, replacing, downloading."""

from typing import Any

from bot.playground.server import files, state
from bot.playground.server.errors import ApiError, bad_request, not_emulated
from bot.playground.server.methods.editing import (
    CAPTION_PARTS,
    MEDIA,
    TEXT_PARTS,
    WHICH,
    apply_edit,
    caption_body,
    editable,
)
from bot.playground.server.methods.formatting import CAPTION_LIMIT, format_text
from bot.playground.server.methods.objects import check_fields, kind_of
from bot.playground.server.methods.parameters import (
    BOOLEAN,
    CHAT,
    ENTITIES,
    FILE,
    INTEGER,
    STRING,
    Parameter,
    Upload,
    an_array,
    an_object,
)
from bot.playground.server.methods.registry import Call, Handler, method
from bot.playground.server.methods.sending import DELIVERY, SENDING, deliver
from bot.playground.server.methods.targets import find_writable_chat
from bot.playground.server.snapshots import Json, Message
from bot.playground.server.world import StoredFile

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 50 * MEGABYTE
PHOTO_LIMIT = 10 * MEGABYTE
DOWNLOAD_LIMIT = 20 * MEGABYTE
ALBUM_SIZES = range(2, 11)
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

CAPTION: dict[str, Parameter] = {"caption": STRING, "parse_mode": STRING, "caption_entities": ENTITIES}
ABOVE = {"show_caption_above_media": BOOLEAN, "has_spoiler": BOOLEAN}
SIZE = {"duration": INTEGER, "width": INTEGER, "height": INTEGER, "thumbnail": FILE}
# Per kind: the method and what it takes besides the file and the sending parameters.
KINDS: dict[str, tuple[str, dict[str, Parameter]]] = {
    "photo": ("sendPhoto", {**CAPTION, **ABOVE}),
    "document": ("sendDocument", {**CAPTION, "thumbnail": FILE, "disable_content_type_detection": BOOLEAN}),
    "voice": ("sendVoice", {**CAPTION, "duration": INTEGER}),
    "video": ("sendVideo", {**CAPTION, **ABOVE, **SIZE, "supports_streaming": BOOLEAN}),
    "animation": ("sendAnimation", {**CAPTION, **ABOVE, **SIZE}),
    "audio": (
        "sendAudio",
        {**CAPTION, "duration": INTEGER, "performer": STRING, "title": STRING, "thumbnail": FILE},
    ),
    "video_note": ("sendVideoNote", {"duration": INTEGER, "length": INTEGER, "thumbnail": FILE}),
    "sticker": ("sendSticker", {"emoji": STRING}),
}
ALBUM_KINDS = frozenset({"photo", "video", "document", "audio"})
# Arguments that describe the file itself rather than the message.
FILE_DETAILS = ("duration", "width", "height", "length", "performer", "title", "emoji")


def find_file(call: Call, kind: str, value: Any, details: Json) -> StoredFile:
    """The file meant by an upload, attach://name or file_id. Raises ApiError for an unknown one or a URL."""
    if isinstance(value, str) and value.startswith("attach://"):
        name = value.removeprefix("attach://")
        if name not in call.files:
            raise bad_request(f'there is no file "{name}" in the request')
        value = call.files[name]
    if isinstance(value, Upload):
        return _store(call, kind, value, details)
    if value in call.world.files:
        stored_file = call.world.files[value]
        if stored_file.kind != kind:
            raise bad_request(f"can't use file of type {stored_file.kind} as {kind}")
        return stored_file
    if value.startswith(("http://", "https://")):
        raise not_emulated("sending a file by its URL")
    raise bad_request("wrong file identifier/HTTP URL specified")


def _store(call: Call, kind: str, upload: Upload, details: Json) -> StoredFile:
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > UPLOAD_LIMIT or (kind == "photo" and size > PHOTO_LIMIT):
        raise ApiError(413, "Request Entity Too Large")
    usual, ending = files.INVENTED[kind]
    all_details = {**usual, **details, **_measure(kind, upload.content)}
    if "mime_type" in usual:
        all_details["mime_type"] = upload.mime_type
    if kind in ("document", "audio", "video", "animation"):
        all_details["file_name"] = upload.name
        ending = upload.name.rpartition(".")[2] or ending
    return files.store(call.world, kind, upload.content, all_details, ending=ending)


def _measure(kind: str, content: bytes) -> Json:
    """Width and height of a PNG; other pictures keep the invented size."""
    if kind != "photo" or not content.startswith(PNG_SIGNATURE) or len(content) < 24:
        return {}
    return {"width": int.from_bytes(content[16:20], "big"), "height": int.from_bytes(content[20:24], "big")}


def _sender(kind: str) -> Handler:
    def send(call: Call) -> Message:
        chat = find_writable_chat(call, kind)
        details = {name: call[name] for name in FILE_DETAILS if name in call}
        body = files.message_part(call.world, find_file(call, kind, call[kind], details))
        if kind in files.CAPTIONED:
            body |= caption_body(call)
        if call.get("has_spoiler"):
            body["has_media_spoiler"] = True
        return deliver(call, chat, body)

    send.__doc__ = f"Send a {kind.replace('_', ' ')}."
    return send


for _kind, (_name, _parameters) in KINDS.items():
    method(_name, "Message", required_parameters={"chat_id": CHAT, _kind: FILE}, optional={**SENDING, **_parameters})(
        _sender(_kind)
    )


def described_media(call: Call, media: Json, kinds: frozenset[str]) -> Json:
    """The message body of one InputMedia object."""
    kind = kind_of(media, "InputMedia")
    if kind not in kinds:
        raise bad_request(f"can't parse InputMedia: type must be one of {', '.join(sorted(kinds))}")
    check_fields("InputMedia", media, {"type", "media"}, set(KINDS[kind][1]))
    details = {name: media[name] for name in FILE_DETAILS if name in media}
    body = files.message_part(call.world, find_file(call, kind, media["media"], details))
    caption, entities = format_text(
        call.world,
        media.get("caption", ""),
        mode=media.get("parse_mode", ""),
        entities=media.get("caption_entities"),
        limit=CAPTION_LIMIT,
        what="message caption",
    )
    if caption:
        body["caption"] = caption
    if entities:
        body["caption_entities"] = entities
    if media.get("show_caption_above_media"):
        body["show_caption_above_media"] = True
    if media.get("has_spoiler"):
        body["has_media_spoiler"] = True
    return body


@method(
    "sendMediaGroup",
    "Array of Message",
    required_parameters={
        "chat_id": CHAT,
        "media": an_array(
            "InputMediaAudio", "InputMediaDocument", "InputMediaLivePhoto", "InputMediaPhoto", "InputMediaVideo"
        ),
    },
    optional={**DELIVERY, "reply_parameters": an_object("ReplyParameters")},
)
def send_media_group(call: Call) -> list[Message]:
    """Send an album: photos and videos together, documents and audios only among themselves."""
    media = call["media"]
    if len(media) not in ALBUM_SIZES:
        raise bad_request("media group must include 2-10 items")
    kinds = {kind_of(item, "InputMedia") for item in media}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad_request("documents and audios can't be mixed with other media in an album")
    chat = find_writable_chat(call, next(iter(kinds)) or "photo")
    group = {"media_group_id": call.world.token(17)}
    bodies = [described_media(call, item, ALBUM_KINDS) | group for item in media]
    return [deliver(call, chat, body) for body in bodies]


# What editMessageMedia takes and gives; voice notes, stickers and the like keep what they hold.
EXCHANGEABLE = frozenset(KINDS) - {"voice", "video_note", "sticker"}


@method(
    "editMessageMedia", "Message", "Boolean", required_parameters={"media": an_object("InputMedia")}, optional=WHICH
)
def edit_message_media(call: Call) -> Any:
    """Put another photo, document, ... into a message that has one, or in the place of a text; never the way back."""
    row: state.Message = editable(call)
    if not any(name in row.body for name in ("text", *EXCHANGEABLE)):
        raise bad_request("there is no media in the message to edit")
    _check_album(row, kind_of(call["media"], "InputMedia"))
    if "inline_message_id" in call and str(call["media"].get("media")).startswith("attach://"):
        raise bad_request("can't upload new files in inline messages")
    body = described_media(call, call["media"], EXCHANGEABLE)
    return apply_edit(call, row, (*MEDIA, *TEXT_PARTS, *CAPTION_PARTS, "has_media_spoiler"), body)


def _check_album(row: state.Message, kind: str) -> None:
    """An album stays of one sort: documents, audios, or photos and videos."""
    if "media_group_id" not in row.body:
        return
    of_its_sort = next((frozenset({name}) for name in ("document", "audio") if name in row.body), {"photo", "video"})
    if kind not in of_its_sort:
        raise bad_request("message can't be edited: the album takes no media of this type")


@method("getFile", "File", required_parameters={"file_id": STRING})
def get_file(call: Call) -> Json:
    """Where to download a file, valid for as long as the server runs."""
    file = call.world.files.get(call["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }
