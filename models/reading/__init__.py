"""READS words into typed drafts. Pure: no row, no clock, no network; the linter keeps it so."""
