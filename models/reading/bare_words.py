"""Whether a bare word can stand in a sentence of ours: "you asked about logistics", not "about workshop". Pure."""

from __future__ import annotations

# Plurals, and endings of words that need no article: pricing, hardware, certification, liability, insurance, partnership.
_MASS = ("s", "ing", "ware", "tion", "ity", "ance", "ence", "ship", "ment")


def stands_bare(word: str) -> bool:
    """True for names ("PCB", "Stripe"), plurals, words such as "pricing" and "hardware", and whatever is not English.

    A plain noun in the singular wants an article that nobody can choose by rule.
    """
    return not word.isascii() or not word.islower() or word.endswith(_MASS)
