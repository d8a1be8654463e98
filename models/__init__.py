"""THINKS: rows, rules, learned models and language; imports neither bot nor jobs."""
