"""A self-introduction in a group, and what its writer says in it: what they build, where they are, whom or what they look for.

For proposing it to its writer, so precision comes first: somebody greets or says that they are new, says who they are, and
speaks of themselves. Who introduces somebody else, welcomes or says "I'm late" introduces nobody. Pure rules.

Known failings: what is said without a verb of work ("Lena, lockers") is no project; a town that no table has is no place
without "based in".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.reading.gists import GIST_WIDTH, sentences, shorten
from models.reading.listing_place_names import known_end
from models.reading.patterns import pattern_of
from models.reading.projects import is_of_work
from models.reading.text_kinds import is_command
from models.reading.wording import reading_copy, tidy

# A longer message is an essay; and who somebody is stands at its beginning.
MAX_CHARACTERS, BEGINNING = 1_500, 160


@dataclass(frozen=True)
class SelfIntroduction:
    """In its writer's own words; `about` is all they say of themselves, without what they look for."""

    project: str | None
    place: str | None
    seeks: str | None
    about: str


_GREETS = pattern_of(
    r"\W*(?:hi|hey|hello|hallo|dear|greetings|good (?:morning|afternoon|evening)|gm)\b|\W*(?:大家好|各位|嗨|哈喽|你们好|hi)",
    re.IGNORECASE,
)
_NAMES_SELF = pattern_of(
    r"\b(?:[Ii](?:['’]m| am)|[Mm]y name(?:['’]s| is)|[Tt]his is|[Ii]t['’]s) (?-i:[A-Z])[\w'’-]+"
    r"(?=\s*(?:[,.!;:(–—-]|and\b|from\b|here\b|$))"
    r"|(?-i:\b[A-Z])[\w'’-]+ here\b|我(?:是|叫)(?!说|想|觉得)"
)
_IS_NEW = pattern_of(
    r"\bnew here\b|\bnew (?:to|in) (?:this |the )?(?:group|community|chat|town|city)\b|\bjust joined\b|"
    r"\bnice to meet (?:you|everyone|everybody)\b|\ba friend told me (?:about|of) this\b|\bintroduce myself\b|"
    r"新人|新来的|自我介绍|初来乍到|朋友介绍(?:我)?来的|刚(?:进|入|加入|加)(?:了)?(?:本|这个|咱们)?群",
    re.IGNORECASE,
)
# Who speaks of somebody else.
_OF_OTHERS = pattern_of(
    r"\bwelcome\b|\bthis is (?:my|our|a)\b|\bmeet my\b|\b(?:please|let me|want to|like to) (?:meet|introduce)\b"
    r"(?! myself| ourselves)|"
    r"\b(?:he|she|they)(?:'s| is| are|'re) (?:building|working|looking|new)\b|欢迎(?!交流|来聊|联系|加我|私)|这位|"
    r"(?:给大家|向大家)?介绍一(?:下|位)(?!我?自己)|我(?:的)?朋友(?!介绍)|(?:他|她)(?:在|们)?(?:做|找)",
    re.IGNORECASE,
)
# Where another part of a sentence begins; a list goes on.
_PART = pattern_of(
    r"(?:\s*[,;–—]\s*|\s+-\s+)(?:and |but |so )?(?=(?:I|we|I'm|we're|I've|we've|my|our|currently|now|mostly|mainly|these days|"
    r"looking|searching|hunting|seeking|hoping|happy|glad|curious|building|making|working|running|developing|based|living|located|"
    r"here|from|in|near|founder|co-?founder|ceo|cto|just|new|formerly|previously|before|also|always|would|in need|in search)\b)"
    r"|\s+(?:and|but)\s+(?=(?:I|we|I'm|we're|am|are|currently|looking|searching|seeking|also|based|living)\b)|\s*[，；]\s*",
    re.IGNORECASE,
)
_SEEKS = pattern_of(
    r"^(?:(?:I|we)(?:'m| am|'re| are|'ve been)? )?(?:also |still |now |currently |mostly |really |actively |urgently )*"
    r"(?:(?:looking|searching|hunting) for (?!new friends|friends|fun|inspiration|ways|to\b)|seeking |in (?:search|need) of |"
    r"need (?!to\b))"
    r"|^(?:我们?)?(?:目前|现在|最近|正|也|还|急)*(?:在|想|要)?(?:找(?!到)|寻找|寻|求(?!职|学)(?:推荐|介绍|购|助)?|需要)",
    re.IGNORECASE,
)
_IN = pattern_of(r"(?:^|\s)(?:based |living |located |currently |here )*(?:in|from|near)\s(?=[A-ZÀ-Þ])")
_SAYS_PLACE = pattern_of(
    r"^(?:I'm |I am |we're |we are )?(?:(?:currently |now )?(?:based|living|located|here) )?(?:in|from|near)\s"
)
_NAMED_PLACE = pattern_of(r"\b(?:[Bb]ased|[Ll]iving|[Ll]ocated) in (?P<place>[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+){0,2})")
# For whom, and through what, is not where its maker is: "chargers for farmers in Kenya".
_ELSEWHERE = pattern_of(r"\b(?:for|to|with|across|between|into|of)\b", re.IGNORECASE)
_ZH_IN = pattern_of(
    r"(?:^|(?<=我)|(?<=人)|(?<=目前)|(?<=现在))(?:人在|坐标|base(?:在)?|位于|来自|常驻|在)\s?[:：]?\s?", re.IGNORECASE
)


def read_self_introduction(text: str) -> SelfIntroduction | None:
    """What somebody says of themselves; None for every message that is no self-introduction, and where in doubt."""
    words = tidy(text.replace("’", "'"))
    if is_command(words) or len(words) > MAX_CHARACTERS or not _introduces(words):
        return None
    parts = [part for sentence in sentences(words) for part in _parts(sentence)]
    seeking = [part for part in parts if _SEEKS.search(part)]
    telling = [part for part in parts if part not in seeking and not part.endswith(("?", "？"))]
    projects = (_project(part) for part in telling)
    seeks = next((_SEEKS.sub("", part) for part in seeking), None)
    return SelfIntroduction(
        project=next((one for one in projects if one is not None), None),
        place=_place(telling),
        seeks=shorten(seeks, GIST_WIDTH).rstrip(" .!。！") if seeks else None,
        about=". ".join(telling),
    )


def _introduces(words: str) -> bool:
    beginning = words[:BEGINNING]
    if _OF_OTHERS.search(beginning):
        return False
    greets, names, is_new = _GREETS.match(words), _NAMES_SELF.search(beginning), _IS_NEW.search(words)
    return bool((names and (greets or is_new)) or (is_new and greets))


def _parts(sentence: str) -> Iterator[str]:
    for part in _PART.split(sentence):
        plain = part.strip(" .!。！~～")
        if plain:
            yield plain


def _project(part: str) -> str | None:
    """The part that says it, without the town it begins with."""
    start = _behind_place(part)
    return shorten(part[start:], GIST_WIDTH) if is_of_work(part[start:]) else None


def _behind_place(part: str) -> int:
    """Where 在柏林做充电柜 goes on; 0 where it begins with no place."""
    match = _ZH_IN.search(part)
    end = known_end(part, reading_copy(part), match.end()) if match else None
    return end or 0


def _place(parts: Sequence[str]) -> str | None:
    for part in parts:
        reading = reading_copy(part)
        for match in (*_IN.finditer(part), *_ZH_IN.finditer(part)):
            end = known_end(part, reading, match.end())
            is_own = _SAYS_PLACE.search(part) or not _ELSEWHERE.search(part[: match.start()])
            if end is not None and is_own:
                return part[match.end() : end]
        if named := _NAMED_PLACE.search(part):
            return named["place"]
    return None
