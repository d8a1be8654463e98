"""The first three days: who is new, and the few things worth telling them once."""
