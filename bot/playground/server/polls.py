"""Votes and the end of polls."""

from bot.playground.server import render, state
from bot.playground.server.errors import Refused
from bot.playground.server.hearing import tell
from bot.playground.server.snapshots import Json
from bot.playground.server.world import World


def vote(world: World, row: state.Message, user_id: int, options: list[int | str]) -> None:
    """Replace somebody's vote, and tell the bot that asked: poll_answer unless anonymous, and the new counts."""
    poll = poll_of(row)
    close_when_due(world, row)
    if poll.is_closed:
        raise Refused("the poll is closed")
    indexes = [_index(poll, option) for option in options]
    if len(indexes) > 1 and not poll.settings["allows_multiple_answers"]:
        raise Refused("this poll takes one answer")
    if any(user_id in option.voters for option in poll.options) and not poll.settings["allows_revoting"]:
        raise Refused("this poll does not let votes be changed")
    for index, option in enumerate(poll.options):
        if user_id in option.voters:
            option.voters.remove(user_id)
        if index in indexes:
            option.voters.append(user_id)
    if not poll.settings["is_anonymous"]:
        payload = {
            "poll_id": poll.id,
            "user": render.user(world, user_id),
            "option_ids": sorted(indexes),
            "option_persistent_ids": [poll.options[index].persistent_id for index in sorted(indexes)],
        }
        tell(world, world.bots[poll.bot_id], "poll_answer", payload)
    tell_counts(world, row)


def close(world: World, row: state.Message) -> Json:
    """End a poll; gives the Poll with its final counts."""
    poll = poll_of(row)
    poll.is_closed = True
    tell_counts(world, row)
    return render.poll(poll)


def close_when_due(world: World, row: state.Message) -> None:
    """A poll with a close date ends by itself; noticed when somebody looks."""
    poll = poll_of(row)
    if not poll.is_closed and poll.close_at is not None and poll.close_at <= world.now():
        close(world, row)


def tell_counts(world: World, row: state.Message) -> None:
    """Send the new state to the bot that asked, and show it on the pages."""
    poll = poll_of(row)
    tell(world, world.bots[poll.bot_id], "poll", render.poll(poll))
    if world.listeners:
        world.note_change("edited", chat=row.key, message=render.seen_by_client(world, row))


def poll_of(row: state.Message) -> state.Poll:
    """The poll of a message that has one."""
    if row.poll is None:
        raise Refused("this message is not a poll")
    return row.poll


def _index(poll: state.Poll, option: int | str) -> int:
    texts = [one.text for one in poll.options]
    index = texts.index(option) if option in texts else option
    if not isinstance(index, int) or not 0 <= index < len(texts):
        raise Refused(f"there is no option {option!r}; options: {', '.join(texts)}")
    return index
