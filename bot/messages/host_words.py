"""What a host sees of the words they write to those who come: as they will be read, and how to take them back."""

from __future__ import annotations

from bot.callbacks import HostWordsButton
from bot.messages import event_notices as notices
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from models.tables.event import Event


def preview(voice: Voice, event: Event, *, host: str, words: str, n_readers: int, n_out_of_reach: int) -> Outgoing:
    """The words as their readers will see them, to how many, and whom they cannot reach."""
    text = lines(
        voice.say("host_words.preview", n=n_readers),
        voice.say("host_words.out_of_reach", n=n_out_of_reach) if n_out_of_reach else None,
        "",
        notices.from_host(voice, event, host=host, words=words).text,
        "",
        voice.say("host_words.or_write_again"),
    )
    row = [
        Button(voice.plain("host_words.send", n=n_readers), data=HostWordsButton("send", event.id, 0).pack()),
        Button(voice.plain("host_words.drop"), data=HostWordsButton("drop", event.id, 0).pack()),
    ]
    return Outgoing(text, [row])


def held_back(voice: Voice, event: Event, *, number: int, n_readers: int, seconds: int) -> Outgoing:
    """They leave in a moment; until then they can be taken back."""
    data = HostWordsButton("take_back", event.id, number).pack()
    text = voice.say("host_words.held_back", n=n_readers, seconds=seconds)
    return Outgoing(text, [[Button(voice.plain("host_words.take_back"), data=data)]])


def receipt(voice: Voice, *, n_readers: int) -> Outgoing:
    """The moment is over."""
    return Outgoing(voice.say("host_words.sent", n=n_readers))


def taken_back(voice: Voice, *, n_back: int, n_out: int) -> Outgoing:
    """What became of taking them back."""
    return Outgoing(_outcome(voice, n_back, n_out))


def _outcome(voice: Voice, n_back: int, n_out: int) -> Safe:
    if not n_out:
        return voice.say("host_words.all_back")
    return voice.say("host_words.some_back", n=n_back, out=n_out) if n_back else voice.say("host_words.too_late")
