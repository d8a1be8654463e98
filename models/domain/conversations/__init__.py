"""Conversations: which messages belong together, and what is said in them."""
