"""Questions that nobody answered, and who may know."""
