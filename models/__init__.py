"""THINKS: rows, rules, reading of words, learned models; imports neither bot nor jobs."""
