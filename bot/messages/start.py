"""The first words, help, and language."""

from __future__ import annotations

from bot.callbacks import LanguageButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from bot.texts.languages import LANGUAGES


def welcome(voice: Voice, *, name: str, community: str) -> Safe:
    """To a member of a community we know."""
    return voice.say("start.welcome", name=name, community=community)


def welcome_alone(voice: Voice, *, name: str, bot_username: str) -> Outgoing:
    """To someone whose community we do not know yet."""
    link = f"https://t.me/{bot_username}?startgroup=setup&admin=manage_chat+delete_messages+pin_messages"
    button = Button(voice.plain("start.add_to_group"), url=link)
    return Outgoing(voice.say("start.welcome_alone", name=name), [[button]])


def help_private(voice: Voice) -> Outgoing:
    """What a member can do in private."""
    return Outgoing(voice.say("help.private"))


def help_group(voice: Voice, *, link: str, is_admin: bool) -> Outgoing:
    """What can be done in a group; the rest is in private."""
    text = lines(voice.say("help.group"), voice.say("help.admins") if is_admin else None)
    return Outgoing(text, [[Button(voice.plain("help.open_private"), url=link)]])


def ask_language(voice: Voice) -> Outgoing:
    """One button a language, each in its own words."""
    row = [Button(one.own_name, data=LanguageButton(one.code).pack()) for one in LANGUAGES.values()]
    return Outgoing(voice.say("language.ask"), [row])
