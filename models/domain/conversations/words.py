"""The few words that say what a thread is about, fit to be told to a member. Imported by jobs alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Self

from models.domain.serving.training import Learnt
from models.learning.text import TextSpace
from models.learning.words import tokenize

KEYWORDS = 3
# A word that more than this share of the members uses is how people talk here, not what a thread is about.
COMMON_SHARE = 0.4
# Fewer members than this have no habit of speech in common.
FEW_MEMBERS = 8


class ThreadWords:
    """Words weighed by a community's recent talk, of learners only."""

    def __init__(self, space: TextSpace, users: dict[str, set[int]], n_members: int) -> None:
        self._space, self._users, self._n_members = space, users, n_members

    @classmethod
    def of(cls, learnt: Learnt) -> Self:
        """Read once for many threads; 3,000 messages take about 0.1 s."""
        messages = learnt.log.messages
        users: dict[str, set[int]] = defaultdict(set)
        for member, text in zip(messages.member.tolist(), messages.text, strict=True):
            for token in set(tokenize(text)):
                users[token].add(member)
        # Rarity is enough here: on the invented community directions of meaning preferred turns of phrase to topics.
        space = TextSpace.fit(messages.text, n_directions=0)
        return cls(space, users, len(set(messages.member.tolist())))

    def say(self, texts: Sequence[str]) -> list[str]:
        """At most KEYWORDS words, the most telling first, as people wrote them."""
        words = self._space.keywords(texts, 2 * KEYWORDS)
        return [word for word in words if not self._is_common(word)][:KEYWORDS]

    def _is_common(self, word: str) -> bool:
        tokens = [token for token in tokenize(word) if len(token) > 1]
        n_users = min((len(self._users.get(token, ())) for token in tokens), default=0)
        return self._n_members >= FEW_MEMBERS and n_users > COMMON_SHARE * self._n_members
