"""What an import says at its end, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from bot.importing.outlook import ADMINISTRATOR, Outlook
from bot.importing.reader import BrokenExport
from bot.importing.recorder import ChatReport
from bot.importing.selection import Selection

# More chats than this are counted, not named.
MOST_NAMED = 20
_PRIVATE = {
    "personal_chat": ("personal chat", "personal chats"),
    "saved_messages": ("chat of saved messages", "chats of saved messages"),
    "bot_chat": ("chat with a bot", "chats with bots"),
    "direct_messages": ("chat of readers with a channel", "chats of readers with channels"),
}


def lines(
    reports: list[ChatReport],
    selection: Selection,
    *,
    break_off: BrokenExport | None,
    has_guessed_zone: bool,
    is_kept: bool = True,
) -> Iterator[str]:
    """What was read, a line at a time; `is_kept` is False for a dry run."""
    for report in reports:
        yield _chat(report, is_kept=is_kept)
    if not reports:
        yield "Nothing was imported."
    yield from _left_out(selection)
    if has_guessed_zone:
        yield (
            "This export tells local times without their zone; they were read as UTC. To set the zone of the computer that "
            "made it, import into a fresh database with --zone, e.g. --zone Europe/Berlin."
        )
    if break_off is not None:
        yield _break(break_off, reports)


def next_steps(outlooks: list[Outlook], *, retention_days: int) -> Iterator[str]:
    """How many said yes, what is about to be erased, and the exact thing to do now; one paragraph a community."""
    for outlook in outlooks[:MOST_NAMED]:
        group, willing = _names(outlook.groups), outlook.willing
        yield ""
        yield (
            f"{group}: {willing.n_yes:,} of {_number(willing.n_members, 'member has', 'members have')} said yes. "
            "Nobody else's words are learned from, quoted or recommended."
        )
        if outlook.n_expiring:
            yield (
                f"Tonight {_number(outlook.n_expiring, 'message', 'messages')} older than {retention_days:,} days will be "
                "erased, as privacy.retention_days says. To keep them, raise it in config.toml before."
            )
        yield _next(outlook, group)
    if len(outlooks) > MOST_NAMED:
        yield f"... and {len(outlooks) - MOST_NAMED:,} communities more."


def _next(outlook: Outlook, group: str) -> str:
    then = (
        "it asks everybody once, and its first digest comes with the first yeses (/digest in the bot's private chat)."
    )
    if not outlook.is_host_there:
        return f"Next: add the bot to {group} as an administrator and send /setup there; {then}"
    if outlook.standing != ADMINISTRATOR:
        return f"Next: make the bot an administrator of {group}, then send /setup there; {then}"
    return f"Next: send /setup in {group}; {then}"


def _names(groups: tuple[str, ...]) -> str:
    more = f" and {len(groups) - 1:,} more" if len(groups) > 1 else ""
    return f"{printable(groups[0])}{more}"


def _chat(report: ChatReport, *, is_kept: bool) -> str:
    name = printable(report.name)
    if report.refusal:
        return f"{name} was not imported: {report.refusal}."
    if not report.n_read:
        return f"{name}: no messages{_unreadable(report)}."
    span = f"{report.first_at:%Y-%m-%d} to {report.last_at:%Y-%m-%d}"
    messages, people = _number(report.n_read, "message", "messages"), _number(len(report.people), "person", "people")
    new = f", {report.n_new:,} new" if is_kept else ""
    return f"{name}: {messages}{new}, {people}, {span}{_unreadable(report)}."


def _unreadable(report: ChatReport) -> str:
    if not report.n_unreadable:
        return ""
    return f"; {_number(report.n_unreadable, 'entry', 'entries')} could not be read and were left out"


def _left_out(selection: Selection) -> Iterator[str]:
    if selection.n_private:
        kinds = [
            _number(count, *_PRIVATE.get(kind, ("private chat of another kind", "private chats of other kinds")))
            for kind, count in sorted(selection.n_private.items())
        ]
        yield f"Private and never imported: {', '.join(kinds)}."
    for word in selection.missing:
        yield f"There is no group or channel {printable(word)} in this file."
    if selection.others:
        names = ", ".join(f"{printable(chat.name or '?')} ({chat.number})" for chat in selection.others[:MOST_NAMED])
        more = len(selection.others) - MOST_NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"Not imported unless named with --chat: {names}{rest}."


def _break(break_off: BrokenExport, reports: list[ChatReport]) -> str:
    where = f"The file breaks off or is damaged near byte {break_off.position:,}"
    if reports:
        last = reports[-1].last_message_id
        where += (
            f", in {printable(reports[-1].name)}, after message {last}"
            if last
            else f", in {printable(reports[-1].name)}"
        )
    mend = "What was read until there is kept; run the import again with the whole file to complete it."
    return f"{where} ({break_off.why}). {mend}"


def printable(name: str) -> str:
    """A name fit for a terminal: what cannot be printed, moves the cursor or turns the line around is left out."""
    plain = "".join(letter for letter in name if letter.isprintable())
    return f"“{plain[:60]}…”" if len(plain) > 60 else f"“{plain}”"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
