"""WAKES: when things happen; the what is in models/domain, the how-to-say in bot/messages."""
