"""What is for admins alone, asked for in a group."""

from __future__ import annotations

from bot.messages.outgoing import Button, Outgoing
from bot.texts import Voice


def elsewhere(voice: Voice, *, link: str) -> Outgoing:
    """The way to the private chat, and nothing else."""
    return Outgoing(
        voice.say("for_admins.elsewhere"), [[Button(voice.plain("for_admins.open"), url=link)]], is_silent=True
    )
