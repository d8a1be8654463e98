"""Mouth: domain result to text and keyboard, for replies and for jobs alike; same file names as the handlers."""
