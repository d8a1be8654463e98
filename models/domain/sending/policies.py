"""What Klatch sends, kind by kind: who asked for it, what a crash may do to it, and what goes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.tables.consent import Purpose
from models.tables.delivery import DeliveryKind


@dataclass(frozen=True)
class Policy:
    """How one kind of delivery is treated.

    `is_proactive`: nobody asked for this very message, so consent, pause, quiet hours and the attention budget decide.
    `in_doubt`: after a crash or a timeout between sending and the receipt, prefer sending "twice" or "never" again.
    `priority`: 0 goes first. `purpose`: the consent a proactive kind needs in its community, None for no particular one.
    """

    is_proactive: bool
    in_doubt: Literal["twice", "never"]
    priority: int
    purpose: Purpose | None = None


class UnknownKind(KeyError):
    """A delivery names a kind that has no policy."""


POLICIES: dict[DeliveryKind, Policy] = {
    # Somebody is waiting for the answer to their own press or command.
    DeliveryKind.REPLY: Policy(False, "twice", 0),
    DeliveryKind.ANSWER: Policy(False, "twice", 0),
    # "Taken", on a member's command in a busy group: the card shows it as well, and goes first.
    DeliveryKind.RECEIPT: Policy(False, "twice", 4),
    # Asked once per chat or member; a second copy would nag, and /privacy answers the same at any time.
    DeliveryKind.CONSENT: Policy(False, "never", 2),
    # What a member's own event, listing or introduction came to: missing it hurts more than reading it twice.
    DeliveryKind.PROMOTION: Policy(False, "twice", 1),
    DeliveryKind.NOTICE: Policy(False, "twice", 1),
    DeliveryKind.REMINDER: Policy(False, "twice", 1),
    DeliveryKind.INTRODUCTION: Policy(False, "twice", 1),
    DeliveryKind.FOLLOW_UP: Policy(False, "never", 4),
    # Posts in a group, and their changes. An edit that is repeated shows the same state again.
    DeliveryKind.CARD: Policy(False, "twice", 2),
    DeliveryKind.CARD_EDIT: Policy(False, "twice", 3),
    DeliveryKind.REPORT: Policy(False, "never", 5),
    # Pushes.
    DeliveryKind.INVITE: Policy(True, "never", 6, Purpose.INVITE),
    DeliveryKind.PEOPLE_TO_MEET: Policy(True, "never", 6, Purpose.INTRODUCE),
    DeliveryKind.PROPOSAL: Policy(True, "never", 6, Purpose.INTRODUCE),
    DeliveryKind.QUESTION: Policy(True, "never", 6, Purpose.INTRODUCE),
    DeliveryKind.LISTING_HINT: Policy(True, "never", 6, Purpose.INTRODUCE),
    DeliveryKind.WELCOME: Policy(True, "never", 6, Purpose.INTRODUCE),
    DeliveryKind.DIGEST: Policy(True, "never", 7, Purpose.DIGEST),
}


# Those that nobody asked for.
PROACTIVE = tuple(kind for kind, policy in POLICIES.items() if policy.is_proactive)


def policy_of(kind: DeliveryKind) -> Policy:
    """The policy of a kind. Raises UnknownKind: a kind without a policy must not reach anybody."""
    try:
        return POLICIES[kind]
    except KeyError:
        raise UnknownKind(f"{kind!r} has no policy; add it to POLICIES.") from None
