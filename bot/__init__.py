"""TALKS: all that knows Telegram, and nothing else does."""
