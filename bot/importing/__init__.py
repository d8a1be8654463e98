"""Reading Telegram Desktop's exports: finding (a file) -> source (bytes) -> reader (JSON) -> facts -> recorder (rows)."""
