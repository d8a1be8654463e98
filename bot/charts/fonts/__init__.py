"""The two fonts of the charts, and how they were made."""
