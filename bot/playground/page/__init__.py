"""The playground's web page: chat as any member of the invented community and watch what Klatch does."""

from bot.playground.page.pages import page_routes

__all__ = ["page_routes"]
