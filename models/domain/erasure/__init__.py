"""Erasure: what is held, how long, and how it goes."""
