"""Mini Apps: the launch data a client hands to the page, signed as Telegram does.

`hash`: HMAC-SHA256 over the sorted fields, keyed with HMAC-SHA256("WebAppData", bot token). `signature`: Ed25519 for
third parties, made with a key of this server (its public half is LocalTelegram.web_app_public_key), because only
Telegram has Telegram's.
"""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.playground.server.snapshots import Json


def sign_init_data(token: str, fields: Json, key: Ed25519PrivateKey | None = None) -> str:
    """initData with these fields (objects are written as JSON), signed with the bot's token and, if given, `key`."""
    texts = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in fields.items()}
    if key is not None:
        bot_id = token.partition(":")[0]
        message = f"{bot_id}:WebAppData\n{check_string(texts)}".encode()
        texts["signature"] = base64.urlsafe_b64encode(key.sign(message)).decode().rstrip("=")
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    texts["hash"] = hmac.new(secret, check_string(texts).encode(), hashlib.sha256).hexdigest()
    return urlencode(texts)


def check_string(fields: dict[str, str]) -> str:
    """Fields sorted by name, one `name=value` a line, without `hash`."""
    return "\n".join(f"{name}={value}" for name, value in sorted(fields.items()) if name != "hash")
