"""Scene: what a handler is given for the length of one update."""
