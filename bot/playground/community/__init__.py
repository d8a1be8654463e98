"""The invented founders' community of the playground: its truth is known, so what Klatch learns can be checked."""

from bot.playground.community.community import Community

__all__ = ["Community"]
