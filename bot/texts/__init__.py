"""Words: en.toml and zh.toml hold every sentence; Texts renders them."""

from bot.texts.render import Safe, Texts, load_texts

__all__ = ["Safe", "Texts", "load_texts"]
