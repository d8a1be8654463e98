"""Did you meet? The question, and what is said to its answers."""

from __future__ import annotations

from bot.callbacks import HelpedButton, OutcomeButton, SkipButton
from bot.messages.outgoing import Button, Outgoing
from bot.texts import Voice
from bot.texts.render import tidy
from models.domain.introductions.follow_ups import Question
from models.tables.introduction import Outcome

# What the dialogue about a sentence calls its question.
STEP = "how_it_went"


def question(voice: Voice, question: Question) -> Outgoing:
    """One tap: yes, not yet, won't happen."""
    people = voice.together([tidy(one.name) for one in question.others])
    row = [
        Button(voice.plain(f"introductions.outcome.{one}"), data=OutcomeButton(one, question.introduction.id).pack())
        for one in Outcome
    ]
    return Outgoing(voice.say("introductions.did_you_meet", people=people), [row])


def answer(voice: Voice, outcome: Outcome, *, introduction_id: int, is_asked_again: bool) -> Outgoing:
    """What was understood; whoever met may say that it helped, and add a sentence."""
    if outcome == Outcome.MET:
        helped = Button(voice.plain("introductions.it_helped"), data=HelpedButton(introduction_id).pack())
        return Outgoing(voice.say("introductions.noted.met"), [[helped], *_skip(voice)])
    return Outgoing(voice.say(f"introductions.noted.{'asked_again' if is_asked_again else outcome}"))


def answer_help(voice: Voice) -> Outgoing:
    """It helped; a sentence is welcome all the same."""
    return Outgoing(voice.say("introductions.noted.helped"), _skip(voice))


def _skip(voice: Voice) -> list[list[Button]]:
    return [[Button(voice.plain("event_ratings.no_sentence"), data=SkipButton(STEP).pack())]]
