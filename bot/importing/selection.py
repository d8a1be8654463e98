"""Which chats of an export are read: groups, those that were asked for, and never anything private."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.importing.facts import chat_id
from bot.importing.kinds import CHATS
from bot.importing.reader import ExportedChat
from models.tables.community import GROUPS


class Selection:
    """Decides for each chat as the reader meets it, and remembers what was left out.

    `asked`: names or ids (Telegram Desktop's or the Bot API's); empty: every group. A channel is read only when it was
    asked for by name or id: an account's export holds every channel its owner follows.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.asked = [word.strip().casefold() for word in names]
        self.used_names: set[str] = set()
        # Chats left out: by Telegram Desktop's word for the private ones; by name for the others.
        self.n_private: Counter[str] = Counter()
        self.others: list[ExportedChat] = []
        # A bot's private chat names the bot.
        self.bots: set[int] = set()

    def is_wanted(self, chat: ExportedChat) -> bool:
        """True when the chat's messages are to be read."""
        kind = CHATS.get(chat.kind)
        if kind is None:
            self.n_private[chat.kind] += 1
            if chat.kind == "bot_chat":
                self.bots.add(chat.number)
            return False
        own_names = self._names_of(chat)
        self.used_names |= own_names
        if own_names or (not self.asked and kind in GROUPS):
            return True
        self.others.append(chat)
        return False

    def _names_of(self, chat: ExportedChat) -> set[str]:
        """Those of the asked names that mean this chat."""
        names = {(chat.name or "").strip().casefold(), str(chat.number), str(chat_id(chat, is_old=False))}
        return names & set(self.asked)

    @property
    def missing(self) -> list[str]:
        """What was asked for and is not in the file."""
        return [word for word in self.asked if word not in self.used_names]
