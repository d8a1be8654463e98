"""Phrases by which kinds of messages are known, a file a language."""
