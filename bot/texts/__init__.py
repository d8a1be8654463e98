"""Words: one file a language holds every sentence; Texts renders them, a Voice speaks them to one reader."""

from bot.texts.render import Safe, Texts, load_texts
from bot.texts.voice import Voice

__all__ = ["Safe", "Texts", "Voice", "load_texts"]
