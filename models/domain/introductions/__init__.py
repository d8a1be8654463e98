"""Introductions: who should meet, and names that pass after two yeses only."""
