"""Every reference can be followed backwards, so that a deleted row does not search the tables that may hang on it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008_indexes_for_age"
down_revision = "0007_series_leader"
branch_labels = None
depends_on = None

# (name, table, columns, of which rows only)
INDEXES: tuple[tuple[str, str, tuple[str, ...], str | None], ...] = (
    ("ix_chat_migrated_to_id", "chat", ("migrated_to_id",), "migrated_to_id IS NOT NULL"),
    ("ix_consent_decision_community_id", "consent_decision", ("community_id",), None),
    ("ix_dialogue_community_id", "dialogue", ("community_id",), "community_id IS NOT NULL"),
    ("ix_event_series_community_id", "event_series", ("community_id",), None),
    ("ix_intent_community_id", "intent", ("community_id",), "community_id IS NOT NULL"),
    ("ix_delivery_community_id", "delivery", ("community_id",), None),
    ("ix_delivery_said_to_member", "delivery", ("member_id", "telegram_message_id"), None),
    ("ix_delivery_said_in_chat", "delivery", ("chat_id", "telegram_message_id"), None),
    ("ix_event_chat_id", "event", ("chat_id",), None),
    ("ix_thread_chat_id", "thread", ("chat_id",), None),
    ("ix_recommendation_model_id", "recommendation", ("model_id",), "model_id IS NOT NULL"),
    ("ix_recommendation_item_kind_item_id", "recommendation", ("item_kind", "item_id"), None),
    ("ix_rsvp_offer_id", "rsvp", ("offer_id",), "offer_id IS NOT NULL"),
    ("ix_interaction_event_id", "interaction", ("event_id",), "event_id IS NOT NULL"),
    ("ix_interaction_recommendation_id", "interaction", ("recommendation_id",), "recommendation_id IS NOT NULL"),
    ("ix_interaction_chat_id", "interaction", ("chat_id",), None),
    ("ix_listing_message_id", "listing", ("message_id",), "message_id IS NOT NULL"),
    ("ix_raw_update_in_private", "raw_update", ("chat_telegram_id",), "chat_telegram_id > 0"),
)


def upgrade() -> None:
    """Make them; on a large installation this takes some seconds, once."""
    for name, table, columns, condition in INDEXES:
        where: dict[str, Any] = {}
        if condition is not None:
            where = {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
        op.create_index(name, table, list(columns), **where)


def downgrade() -> None:
    """Drop them."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
