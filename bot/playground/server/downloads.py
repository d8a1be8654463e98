"""Downloads: /file/bot<token>/<path>, for paths getFile gave out."""

from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from bot.playground.server.errors import ApiError
from bot.playground.server.world import World


def file_response(world: World, path: str) -> Response:
    """The file behind a request path, or Telegram's 401 or 404."""
    token, _, file_path = path.removeprefix("/file/bot").partition("/")
    if world.bot_by_token(token) is None:
        return _error(ApiError(401, "Unauthorized"))
    stored_file = next((file for file in world.files.values() if file.path == file_path), None)
    if stored_file is None:
        return _error(ApiError(404, "Not Found"))
    return Response(stored_file.content, media_type="application/octet-stream")


def document(world: World, file_id: str) -> Response:
    """The same file for a page, which knows no token: always a download, never something a browser would show."""
    file = world.files.get(file_id)
    if file is None:
        return _error(ApiError(404, "Not Found"))
    name = quote(str(file.details.get("file_name") or file.path.rpartition("/")[2]))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type="application/octet-stream", headers=headers)


def _error(error: ApiError) -> Response:
    return JSONResponse(error.envelope(), error.code)
