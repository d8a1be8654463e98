"""What the server refuses to bots (ApiError) and what a person cannot do in a client (Refused)."""

from typing import Any


class ApiError(Exception):
    """An error envelope: `code` (HTTP status and error_code), `description`, optional ResponseParameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """The JSON body Telegram would answer with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class Refused(ValueError):
    """A Telegram client would not let this person do that; the message says why in one sentence."""


def bad_request(what: str, **parameters: Any) -> ApiError:
    """400 Bad Request."""
    return ApiError(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> ApiError:
    """403 Forbidden."""
    return ApiError(403, f"Forbidden: {what}")


def not_emulated(what: str) -> ApiError:
    """501: Telegram can do it, this server does not pretend to."""
    return ApiError(501, f"Not Implemented: {what} is not emulated by the local Telegram")
