"""A local Telegram to chat in, test with and watch an invented community live."""
