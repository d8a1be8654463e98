"""Delivery: the one door out, within Telegram's limits."""
