"""Data model: one noun per file. Importing this package loads them all, so that metadata is whole."""

from models.tables import (
    base,
    community,
    consent,
    delivery,
    event,
    inbox,
    inquiry,
    interaction,
    introduction,
    introduction_round,
    job,
    listing,
    member,
    message,
    model,
    recommendation,
)

__all__ = [
    "base",
    "community",
    "consent",
    "delivery",
    "event",
    "inbox",
    "inquiry",
    "interaction",
    "introduction",
    "introduction_round",
    "job",
    "listing",
    "member",
    "message",
    "model",
    "recommendation",
]
