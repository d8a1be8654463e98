"""Pictures: numbers of models/domain drawn for a phone; loaded only where one is drawn."""
