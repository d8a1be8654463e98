"""Reading Telegram Desktop's exports: source (bytes) -> reader (JSON) -> facts -> recorder (rows) -> command (a person)."""
