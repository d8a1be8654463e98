"""REMEMBERS how the tables got their shape."""
