"""A need or an offer as its card, as a preview, as its author's page; and how a bare /need or /offer is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.callbacks import Control, ControlButton, KeepButton, ListingAction, ListingButton, ThanksButton
from bot.links import message_link
from bot.messages import controls, reasons
from bot.messages.event_notices import mention
from bot.messages.outgoing import Button, Outgoing, cut, lines
from bot.messages.times import day, when
from bot.texts import Safe, Voice
from bot.texts.render import own_lines, tidy
from models.domain.listings.cards import ListingView
from models.domain.listings.hints import Hint
from models.domain.listings.listings import LONGEST_TEXT as LONGEST_WORDS
from models.domain.sending.addresses import Address
from models.reading.corrections import without_correction
from models.reading.gists import sentences
from models.reading.listing_kinds import ListingKind
from models.reading.scripts import scripts_of
from models.tables.member import Member

# Characters of somebody's words on a button, and inside a sentence of ours.
LONGEST_LABEL, LONGEST_TITLE, LONGEST_QUOTE = 40, 80, 200
# Of those who answered, the latest: names in the text, and buttons that write to them.
MOST_HELPERS, MOST_BUTTONS = 20, 3


def card(voice: Voice, view: ListingView) -> Outgoing:
    """The need or offer in the group, with the buttons that answer it while it is open."""
    text = lines(*about(voice, view), _answers(voice, view), _standing(voice, view))
    return Outgoing(text, [_card_row(voice, view)] if view.is_open else [])


def _answers(voice: Voice, view: ListingView) -> Safe | None:
    """How many answered; who, is told to its author alone."""
    return voice.say(f"listings.answers.{view.kind}", n=view.n_answers) if view.n_answers and view.is_open else None


def about(voice: Voice, view: ListingView) -> list[Safe]:
    """What it is, what else its line says, and whose it is."""
    words = Safe(f"<b>{own_lines(headline(view), longest=LONGEST_WORDS)}</b>")
    parts = [voice.say(f"listings.title.{view.kind}", words=words)]
    values = fields(voice, view)
    parts += [Safe(" · ".join(values))] if values else []
    return [*parts, voice.say(f"listings.author.{view.kind}", author=view.author)]


def fields(voice: Voice, view: ListingView) -> list[Safe]:
    """How much, where, for whom and until when, as far as its line says."""
    values = [
        voice.say(f"listings.{name}", value=value)
        for name in ("quantity", "place", "audience")
        if (value := getattr(view, name)) and not (name == "quantity" and _is_bare(value))
    ]
    if view.until_at is not None:
        values.append(voice.say("listings.until", when=_until(voice, view, view.until_at)))
    return values


def _until(voice: Voice, view: ListingView, at: datetime) -> Safe:
    """The day, or the hour, until when it is needed or offered; a day is one of the place where it was said."""
    zone = view.zone or voice.zone.key
    if view.until_has_time:
        return when(voice.near(zone), at)
    last = (at - timedelta(seconds=1)).astimezone(voice.on_clock(zone).zone)
    return Safe(day(voice, last))


def _last_day(voice: Voice, view: ListingView) -> Safe:
    """When it ends by itself: as its own line says, which its card shows, else on the day its time is over."""
    if view.until_at is not None and view.until_at == view.expires_at:
        return _until(voice, view, view.until_at)
    return Safe(day(voice, view.expires_at.astimezone(voice.zone)))


def headline(view: ListingView) -> str:
    """Its words; a number that stands alone goes before them: "2 × desks", 3 工位."""
    if view.quantity is None or not _is_bare(view.quantity):
        return view.text
    is_chinese = scripts_of(view.text[:1]) == {"han"}
    return f"{view.quantity} {view.text}" if is_chinese else f"{view.quantity} × {view.text}"


def _is_bare(quantity: str) -> bool:
    return quantity.strip().isdigit()


def _standing(voice: Voice, view: ListingView) -> Safe | None:
    """What came of it, once it is over."""
    if view.is_open or view.is_draft:
        return None
    return voice.say(f"listings.outcome.{view.kind}.{view.outcome}" if view.outcome else "listings.ended")


def _card_row(voice: Voice, view: ListingView) -> list[Button]:
    return [
        _button(voice, view, f"listings.help.{view.kind}", ListingAction.HELP),
        _button(voice, view, "events.button_manage", ListingAction.MANAGE),
    ]


def _button(voice: Voice, view: ListingView, key: str, action: ListingAction) -> Button:
    return Button(voice.plain(key), data=ListingButton(action, view.id).pack())


def preview(voice: Voice, view: ListingView, *, doubts: Sequence[str] = (), is_private: bool) -> Outgoing:
    """What the card will look like, for its author; with what of their line was not understood."""
    text = lines(
        voice.say("listings.preview_for", community=view.community) if is_private else voice.say("listings.preview"),
        "",
        *about(voice, view),
        "",
        doubt(voice, doubts) if doubts else None,
        voice.say("listings.preview_footer"),
    )
    quiet = [_button(voice, view, "listings.post_quietly", ListingAction.POST_QUIETLY)]
    return Outgoing(text, [_draft_row(voice, view), *([quiet] if is_private else [])])


def doubt(voice: Voice, doubts: Sequence[str]) -> Safe:
    """Words that look like a day, a number or a place, and were taken for neither."""
    return voice.say("listings.doubt", words=voice.together([f"“{one}”" for one in doubts]))


def _draft_row(voice: Voice, view: ListingView) -> list[Button]:
    return [
        _button(voice, view, "listings.post", ListingAction.POST),
        _button(voice, view, "events.edit", ListingAction.EDIT),
        _button(voice, view, "events.drop", ListingAction.DROP),
    ]


def page(
    voice: Voice,
    view: ListingView,
    *,
    is_author: bool = True,
    note: Safe | None = None,
    helpers: Sequence[Member] = (),
) -> Outgoing:
    """A need or offer in private, and what its author (or an admin) may do with it."""
    open_until = voice.say("listings.open_until", when=_last_day(voice, view))
    standing = open_until if view.is_open else _standing(voice, view)
    names = Safe(", ".join(mention(one) for one in helpers[-MOST_HELPERS:]))
    who = voice.say(f"listings.helpers.{view.kind}", names=names) if helpers else None
    text = lines(note, "" if note else None, *about(voice, view), "", who, standing)
    if view.is_draft:
        return Outgoing(text, [_draft_row(voice, view)])
    if not is_author:
        return Outgoing(text, [[_ending(voice, view, ListingAction.NO_LONGER)]] if view.is_open else [])
    again = [_button(voice, view, "listings.reopen", ListingAction.KEEP_OPEN)]
    rows = _author_rows(voice, view) if view.is_open else [again]
    return Outgoing(text, [*(_write_rows(voice, helpers)), *rows])


def _write_rows(voice: Voice, helpers: Sequence[Member]) -> list[list[Button]]:
    """The latest of those who answered and have a handle; the others' names in the text are links."""
    latest = [one for one in helpers if one.handle][-MOST_BUTTONS:]
    return [[_write_button(voice, one)] for one in latest]


def _write_button(voice: Voice, helper: Member) -> Button:
    name = cut(tidy(helper.name), LONGEST_LABEL)
    return Button(voice.plain("listings.write_to", name=name), url=f"https://t.me/{helper.handle}")


def answer(voice: Voice, view: ListingView, *, helper: Member) -> Outgoing:
    """To its author: who can help, or is interested, and the way to write to them."""
    text = voice.say(f"listings.answered.{view.kind}", name=mention(helper), title=title(view))
    write = [[_write_button(voice, helper)]] if helper.handle else []
    own_page = _button(voice, view, "events.manage", ListingAction.MANAGE)
    return Outgoing(text, [*write, [_ending(voice, view, ListingAction.FOUND_HERE), own_page]])


def who_helped(voice: Voice, view: ListingView, helpers: Sequence[Member], *, thanked_name: str) -> Outgoing:
    """To its author: one tap for each who said they can help; `thanked_name` who was thanked just now, or ""."""
    thanks = voice.say("listings.helper_noted", name=tidy(thanked_name)) if thanked_name else None
    if not helpers:
        return Outgoing(lines(thanks))
    latest = helpers[-MOST_HELPERS:]
    taps = [
        Button(cut(tidy(one.name), LONGEST_LABEL), data=ThanksButton(view.id, one.id).pack())
        for one in reversed(latest)
    ]
    nobody, who = ("nobody_more", "who_else_helped") if thanked_name else ("nobody", "who_helped")
    none = Button(voice.plain(f"listings.{nobody}"), data=ThanksButton(view.id, 0).pack())
    question = voice.say(f"listings.{who}", title=title(view))
    return Outgoing(lines(thanks, question), [*([one] for one in taps), [none]])


def thanks(voice: Voice, view: ListingView) -> Outgoing:
    """To one who helped, by its author's word."""
    return Outgoing(voice.say("listings.thanks_to_you", author=view.author, title=title(view)))


def match(voice: Voice, view: ListingView, *, other: ListingView, address: Address | None) -> Outgoing:
    """To its author: what somebody else posted that meets it, and one tap that says so to them."""
    text = voice.say(f"listings.match.{view.kind}", title=title(view))
    link = link_to(address)
    card_link = [Button(voice.plain("listings.see_card"), url=link)] if link else []
    rows = [[_button(voice, other, f"listings.help.{other.kind}", ListingAction.HELP), *card_link]]
    return Outgoing(lines(text, "", *about(voice, other)), rows)


def link_to(address: Address | None) -> str | None:
    """The way to a card, where one can jump there."""
    if address is None or address.telegram_message_id is None:
        return None
    return message_link(address.telegram_chat_id, address.telegram_message_id, handle=address.handle)


def call(voice: Voice, author: Member, *, link: str) -> Outgoing:
    """In the group, to an author whom we cannot write to: that there is an answer, not whose."""
    button = Button(voice.plain("listings.see_who"), url=link)
    return Outgoing(voice.say("listings.call", mention=mention(author)), [[button]])


def _author_rows(voice: Voice, view: ListingView) -> list[list[Button]]:
    # A day of its author's own is changed by another line.
    longer = [] if view.until_at == view.expires_at else [ListingAction.KEEP_OPEN]
    first = [_button(voice, view, "events.edit", ListingAction.EDIT)]
    first += [_button(voice, view, f"listings.{action}", action) for action in longer]
    return [first, *endings(voice, view)]


def endings(voice: Voice, view: ListingView) -> list[list[Button]]:
    """What may have come of it."""
    found = [_ending(voice, view, one) for one in (ListingAction.FOUND_HERE, ListingAction.FOUND_ELSEWHERE)]
    return [found, [_ending(voice, view, ListingAction.NO_LONGER)]]


def _ending(voice: Voice, view: ListingView, action: ListingAction) -> Button:
    return _button(voice, view, f"listings.end.{view.kind}.{action}", action)


def title(view: ListingView) -> str:
    """Its words, as far as a sentence of ours has room for them."""
    words = tidy(headline(view))
    if len(words) <= LONGEST_TITLE:
        return words
    # Its first sentence, whole, says more than one and a half.
    first = next(iter(sentences(words)), words)
    return cut(first if len(first) <= LONGEST_TITLE else words, LONGEST_TITLE)


def explain(voice: Voice, kind: ListingKind, *, link: str) -> Outgoing:
    """A bare command in a group: the line to write, and the way to one's own."""
    return Outgoing(voice.say(f"listings.explain.{kind}"), [[Button(voice.plain("listings.own"), url=link)]])


def own(voice: Voice, views: Sequence[ListingView], *, kind: ListingKind | None) -> Outgoing:
    """One's own open needs and offers as buttons; under them how to add one."""
    kinds = list(ListingKind) if kind is None else [kind]
    hints = [voice.say(f"listings.explain.{one}") for one in kinds]
    if not views:
        return Outgoing(lines(*hints))
    rows = [[Button(_label(voice, view), data=ListingButton(ListingAction.MANAGE, view.id).pack())] for view in views]
    return Outgoing(lines(voice.say("listings.own_title"), "", *hints), rows)


def _label(voice: Voice, view: ListingView) -> str:
    return voice.plain(f"listings.title.{view.kind}", words=cut(tidy(headline(view)), LONGEST_LABEL))


def ask_author(voice: Voice, kind: ListingKind, *, author: str, message_id: int) -> Outgoing:
    """Somebody else thinks that this is a need or an offer: only whoever wrote it may say so."""
    button = Button(voice.plain(f"listings.keep.{kind}"), data=KeepButton(kind, message_id).pack())
    return Outgoing(voice.say(f"listings.ask_author.{kind}", author=author), [[button]])


def ask_line(voice: Voice, view: ListingView) -> Outgoing:
    """What shall stand there instead? With their line, to copy and change."""
    line = own_lines(view.line, longest=LONGEST_WORDS)
    return Outgoing(lines(voice.say("listings.ask_line", line=line), voice.say("events.ask.cancel_hint")))


def still_open(voice: Voice, view: ListingView) -> Outgoing:
    """To its author, some days before it ends."""
    rows = [[_button(voice, view, "listings.still_open_yes", ListingAction.KEEP_OPEN)], *endings(voice, view)]
    return Outgoing(voice.say("listings.still_open", title=title(view), when=_last_day(voice, view)), rows)


def end(voice: Voice, view: ListingView) -> Outgoing:
    """To its author, once it ended by itself."""
    again = _button(voice, view, "listings.reopen", ListingAction.KEEP_OPEN)
    return Outgoing(voice.say("listings.ended_quietly", title=title(view)), [[again]])


def card_deletion(voice: Voice, view: ListingView) -> Outgoing:
    """To its author, when the card was deleted again."""
    row = [
        _button(voice, view, "events.post_again", ListingAction.POST_CARD),
        _button(voice, view, "events.manage", ListingAction.MANAGE),
    ]
    return Outgoing(voice.say("listings.card_deleted", title=title(view)), [row])


def hint(voice: Voice, hint: Hint, *, reason: Mapping[str, Any], recommendation_id: int, now: datetime) -> Outgoing:
    """To the author of an ordinary message: shall it be kept? Their words, where they wrote them, and every way out."""
    text = lines(
        voice.say(f"listings.hint.{hint.kind}", words=cut(tidy(without_correction(hint.message.text)), LONGEST_QUOTE)),
        "",
        voice.say("invitations.because", reason=reasons.reason(voice, reason, section="listings", now=now)),
    )
    keep = Button(voice.plain(f"listings.keep.{hint.kind}"), data=KeepButton(hint.kind, hint.message.id).pack())
    no = Button(
        voice.plain(f"listings.hint_no.{hint.kind}"), data=ControlButton(Control.LESS, recommendation_id).pack()
    )
    return Outgoing(text, [[keep], [no], controls.last_row(voice, recommendation_id)])
