"""Ears: update to domain call to reply. One file a feature, named as in messages and domain."""
