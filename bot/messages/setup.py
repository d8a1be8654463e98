"""The set-up report: each thing with a tick or a cross, and how to mend it."""

from __future__ import annotations

from bot.callbacks import SetupButton
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from models.domain.members.communities import HeardSoFar, Inspection


def report(voice: Voice, inspection: Inspection, heard: HeardSoFar, *, chat_id: int, bot_username: str) -> Outgoing:
    """What holds, what does not and its fix, what was heard so far; one button checks again."""
    if inspection.problem:
        text = voice.say("setup.unreachable", problem=inspection.problem)
    else:
        text = lines(*_checks(voice, inspection, bot_username), "", _heard(voice, heard))
    again = Button(voice.plain("setup.again"), data=SetupButton(chat_id).pack())
    return Outgoing(text, [[again]])


def _checks(voice: Voice, inspection: Inspection, bot_username: str) -> list[Safe]:
    """The needed rights, in the order in which an admin mends them."""
    states = [
        ("admin", inspection.is_admin),
        ("privacy", inspection.reads_everything),
        ("updates", not inspection.missing_updates),
        ("supergroup", inspection.is_supergroup),
    ]
    is_ready = all(is_well for name, is_well in states if name != "supergroup")
    found = [voice.say(f"setup.{'ready' if is_ready else 'not_ready'}"), Safe("")]
    for name, is_well in states:
        found.append(voice.say(f"setup.{name}.{'yes' if is_well else 'no'}", bot=bot_username))
    return found


def _heard(voice: Voice, heard: HeardSoFar) -> Safe:
    return voice.say(
        "setup.heard",
        messages=heard.n_messages,
        reactions=heard.n_reactions,
        members=heard.n_members,
        learning=heard.n_learning,
    )
