"""Invitations: who is asked to an event, why, and how many may come."""
