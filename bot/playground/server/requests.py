"""Reading a call: Telegram takes parameters from the query, JSON, a form or multipart alike."""

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from bot.playground.server.errors import ApiError, bad_request
from bot.playground.server.methods.parameters import Upload
from bot.playground.server.snapshots import Json

# Telegram's own server takes uploads of 50 MB; a little more for the form around them.
MAX_BODY_BYTES = 52 * 1024 * 1024


async def read_request(request: Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request: query, JSON, urlencoded form or multipart. Raises ApiError 400 or 413."""
    params: Json = dict(request.query_params)
    if request.method != "POST":
        return params, {}
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return params | _json_object(await request.body()), {}
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return await _form(request, params)
    except ClientDisconnect:
        raise ApiError(400, "Bad Request: the client went away") from None
    return params, {}


def _json_object(body: bytes) -> Json:
    try:
        content = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(content, dict):
        raise bad_request("a JSON object is expected")
    return content


async def _form(request: Request, params: Json) -> tuple[Json, dict[str, Upload]]:
    files: dict[str, Upload] = {}
    async with request.form(max_files=50, max_fields=500, max_part_size=MAX_BODY_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or name, kind, await value.read())
            else:
                params[name] = value
    return params, files
