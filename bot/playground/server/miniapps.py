"""What people do with Mini Apps, and the launch data a client hands to the page, signed as Telegram does.

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

from bot.playground.server import posting, render
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import Lookup, UserLike
from bot.playground.server.snapshots import Json, Message
from bot.playground.server.world import Query


class MiniApps(Lookup):
    """Actions about Mini Apps."""

    def open_web_app(self, user: UserLike, bot: UserLike, *, start_param: str = "", from_keyboard: bool = False) -> str:
        """Open a bot's Mini App from an inline or menu button in the private chat; gives its initData.

        Opened from a keyboard button (`from_keyboard`) initData is empty, as on Telegram.
        """
        if from_keyboard:
            return ""
        chat, row = self.world.private_chat(self.user_id(user), self.bot_row(bot).id), self.bot_row(bot)
        query_id = self.world.token(22)
        query = Query(query_id, row.id, chat.peer_id, chat.key, self.world.now(), lambda answer: None)
        self.world.queries[query_id] = query
        fields: Json = {
            "query_id": query_id,
            "user": render.user(self.world, chat.peer_id),
            "auth_date": str(self.world.timestamp()),
        }
        if start_param:
            fields["start_param"] = start_param
        return sign_init_data(row.token, fields, self.world.signing_key)

    def send_web_app_data(self, user: UserLike, bot: UserLike, data: str, button_text: str) -> Message:
        """A Mini App opened from a keyboard button sends up to 4096 bytes to its bot and closes."""
        if not 1 <= len(data.encode()) <= 4096:
            raise Refused("a Mini App sends 1-4096 bytes")
        chat = self.world.private_chat(self.user_id(user), self.bot_row(bot).id)
        body = {"web_app_data": {"data": data, "button_text": button_text}}
        return posting.post(self.world, chat, posting.Draft(chat.peer_id, body, is_service=True))


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
