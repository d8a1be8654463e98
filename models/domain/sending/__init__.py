"""Sending: what waits to leave, whether it still may, and what became of it."""
