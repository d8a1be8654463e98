"""Members: what they chose, what they may do, what waits for them."""
