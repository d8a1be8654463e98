"""What people do about belonging to chats: join, leave, add, promote, restrict, ban."""

from datetime import timedelta
from typing import Any

from bot.playground.server import hearing, membership, render, state
from bot.playground.server.errors import Refused
from bot.playground.server.lookup import ChatLike, Lookup, UserLike
from bot.playground.server.snapshots import Json

# How long a bot may write to somebody who asked to join (SPEC ChatJoinRequest.user_chat_id).
WRITABLE_FOR = timedelta(minutes=5)


class Memberships(Lookup):
    """Actions about belonging to chats. `by` is the person who does it and must have the right to."""

    def join(self, chat: ChatLike, user: UserLike, *, invite_link: str = "") -> None:
        """Somebody joins by themselves, perhaps through an invite link (which may only ask to be let in)."""
        row, user_id = self.chat_row(chat), self.user_id(user)
        membership.lift_expired(self.world, row)
        self._must_be_outside(row, user_id)
        link = self._link(row, invite_link)
        if link.get("creates_join_request"):
            self._ask_to_join(row, user_id, link)
        else:
            row.link_uses[invite_link] = row.link_uses.get(invite_link, 0) + 1
            membership.enter(self.world, row, user_id, user_id, {"invite_link": link} if link else None)

    def leave(self, chat: ChatLike, user: UserLike) -> None:
        """Somebody leaves by themselves."""
        row, user_id = self.chat_row(chat), self.user_id(user)
        self.insider(row, user_id)
        membership.go(self.world, row, user_id, user_id)

    def add_to_chat(self, chat: ChatLike, user: UserLike, by: UserLike) -> None:
        """A member adds a person or a bot, an administrator also a banned one. Bots enter channels as administrators."""
        row, user_id, by_id = self.chat_row(chat), self.user_id(user), self.user_id(by)
        self.insider(row, by_id)
        if row.kind == "channel" and self.world.account(user_id).user["is_bot"]:
            self.promote(chat, user, by)
            return
        if row.members[by_id].can("can_restrict_members"):
            membership.unban(self.world, row, user_id, by_id)
        self._must_be_outside(row, user_id)
        membership.enter(self.world, row, user_id, by_id)

    def promote(self, chat: ChatLike, user: UserLike, by: UserLike, **rights: Any) -> None:
        """Make an administrator: with the named rights, else the usual ones. Also is_anonymous, custom_title."""
        row, user_id, by_id = self._changing(chat, user, by, "can_promote_members")
        names = [name for name in rights if name.startswith("can_")]
        new_rights = rights if names else membership.usual_rights(row) | rights
        membership.promote(self.world, row, user_id, by_id, {"can_manage_chat": True, **new_rights})

    def demote(self, chat: ChatLike, user: UserLike, by: UserLike) -> None:
        """Make an administrator a plain member again."""
        row, user_id, by_id = self._changing(chat, user, by, "can_promote_members")
        self.insider(row, user_id)
        membership.promote(self.world, row, user_id, by_id, {})

    def be_anonymous(self, chat: ChatLike, user: UserLike, *, is_anonymous: bool = True) -> None:
        """An administrator begins or ceases to speak as the group."""
        row, user_id = self.chat_row(chat), self.user_id(user)
        if not self.insider(row, user_id).is_admin:
            raise Refused("only administrators can be anonymous")
        hearing.set_member(self.world, row, user_id, user_id, is_anonymous=is_anonymous)

    def restrict(
        self, chat: ChatLike, user: UserLike, by: UserLike, *, until_date: int = 0, **permissions: bool
    ) -> None:
        """Take away every permission but the named ones."""
        row, user_id, by_id = self._changing(chat, user, by, "can_restrict_members")
        membership.restrict(self.world, row, user_id, by_id, permissions, until_date)

    def ban(self, chat: ChatLike, user: UserLike, by: UserLike, *, until_date: int = 0) -> None:
        """Remove somebody, who cannot come back before unban() or `until_date`."""
        row, user_id, by_id = self._changing(chat, user, by, "can_restrict_members")
        membership.go(self.world, row, user_id, by_id, until_date=until_date)

    def unban(self, chat: ChatLike, user: UserLike, by: UserLike) -> None:
        """Let a banned person come back; does not bring anybody in."""
        row, user_id, by_id = self._changing(chat, user, by, "can_restrict_members")
        membership.unban(self.world, row, user_id, by_id)

    def _changing(self, chat: ChatLike, user: UserLike, by: UserLike, right: str) -> tuple[state.Chat, int, int]:
        row, user_id, by_id = self.chat_row(chat), self.user_id(user), self.user_id(by)
        self.admin(row, by_id, right)
        membership.must_be_changeable(row, user_id)
        return row, user_id, by_id

    def _must_be_outside(self, chat: state.Chat, user_id: int) -> None:
        member = chat.members.get(user_id)
        if member is not None and member.status == "kicked":
            raise Refused(f"user {user_id} is banned from chat {chat.key}")
        if member is not None and member.is_present:
            raise Refused(f"user {user_id} is in chat {chat.key} already")

    def _link(self, chat: state.Chat, address: str) -> Json:
        if not address:
            return {}
        link = chat.invite_links.get(address)
        is_over = link is not None and 0 < link.get("expire_date", 0) <= self.world.timestamp()
        is_full = link is not None and 0 < link.get("member_limit", 0) <= chat.link_uses.get(address, 0)
        if link is None or link["is_revoked"] or is_over or is_full:
            raise Refused("this invite link is not valid any more")
        return link

    def _ask_to_join(self, chat: state.Chat, user_id: int, link: Json) -> None:
        chat.join_requests[user_id] = link["invite_link"]
        until = self.world.now() + WRITABLE_FOR
        for bot in hearing.admin_bots(self.world, chat):
            if chat.members[bot.id].can("can_invite_users"):
                self.world.private_chat(user_id, bot.id).open_until = until
                payload = {
                    "chat": render.chat(self.world, chat),
                    "from": render.user(self.world, user_id),
                    "user_chat_id": user_id,
                    "date": self.world.timestamp(),
                    "invite_link": link,
                }
                hearing.tell(self.world, bot, "chat_join_request", payload, chat.id)
