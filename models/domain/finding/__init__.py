"""What members look for: needs, offers and events by the words that somebody asks with."""
