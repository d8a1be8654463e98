"""Digests: the few things worth one member's minute, each with its reason."""
