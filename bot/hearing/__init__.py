"""Hearing: raw updates are stored before they are acknowledged, and read into facts."""
