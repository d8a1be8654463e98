"""Hearing: facts of updates and exports become rows, each exactly once."""
