"""ASGI: the webhook and health; pages of other features join here."""
