"""The first words, help, and language."""

from __future__ import annotations

from bot.callbacks import LanguageButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Texts

LANGUAGE_NAMES = {"en": "English", "zh": "简体中文"}


def welcome(texts: Texts, language: str, *, name: str, community: str) -> Safe:
    """To a member of a community we know."""
    return texts.say(language, "start.welcome", name=name, community=community)


def welcome_alone(texts: Texts, language: str, *, name: str, bot_username: str) -> Outgoing:
    """To someone whose community we do not know yet."""
    link = f"https://t.me/{bot_username}?startgroup=setup&admin=manage_chat+delete_messages+pin_messages"
    button = Button(texts.plain(language, "start.add_to_group"), url=link)
    return Outgoing(texts.say(language, "start.welcome_alone", name=name), [[button]])


def help_private(texts: Texts, language: str) -> Outgoing:
    """What a member can do in private."""
    return Outgoing(texts.say(language, "help.private"))


def help_group(texts: Texts, language: str, *, link: str, is_admin: bool) -> Outgoing:
    """What can be done in a group; the rest is in private."""
    text = lines(texts.say(language, "help.group"), texts.say(language, "help.admins") if is_admin else None)
    return Outgoing(text, [[Button(texts.plain(language, "help.open_private"), url=link)]])


def ask_language(texts: Texts, language: str) -> Outgoing:
    """One button a language, each in its own words."""
    row = [Button(name, data=LanguageButton(code).pack()) for code, name in LANGUAGE_NAMES.items()]
    return Outgoing(texts.say(language, "language.ask"), [row])
