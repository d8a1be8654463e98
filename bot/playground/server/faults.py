"""Faults on order: what a network and a busy Telegram do to a bot, at a chosen method, a chosen number of times."""

from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["drop_after_apply", "500", "502", "timeout", "429", "409", "garbage", "nothing"]
KINDS: tuple[FaultKind, ...] = ("drop_after_apply", "500", "502", "timeout", "429", "409", "garbage", "nothing")


@dataclass(slots=True)
class Fault:
    """One order. Only drop_after_apply carries the method out; every other kind leaves the state untouched.

    drop_after_apply: done, but the connection breaks before the answer. timeout: no answer, ever. 500, 502, 429, 409:
    that answer (502 as the HTML page of a proxy). garbage: 200 with something that is not JSON. nothing: 200, no body.
    """

    method: str
    kind: FaultKind
    times: int
    retry_after: int
    chat_id: int | None

    def matches(self, method: str, chat_id: object) -> bool:
        """Whether it strikes this call."""
        is_method = self.method == "*" or self.method.lower() == method.lower()
        return self.times > 0 and is_method and (self.chat_id is None or str(self.chat_id) == str(chat_id))


@dataclass
class Faults:
    """The orders that are still open."""

    waiting: list[Fault] = field(default_factory=list)

    def add(
        self,
        method: str,
        *,
        kind: FaultKind,
        times: int = 1,
        retry_after: int = 5,
        chat_id: int | None = None,
    ) -> None:
        """Let the next `times` calls of `method` ("*": any) fail, only to `chat_id` when it is given."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        self.waiting.append(Fault(method, kind, times, retry_after, chat_id))

    def clear(self) -> None:
        """Let everything work again."""
        self.waiting.clear()

    def strike(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, counted down; None when the call may go through."""
        fault = next((fault for fault in self.waiting if fault.matches(method, chat_id)), None)
        if fault is not None:
            fault.times -= 1
            self.waiting = [other for other in self.waiting if other.times > 0]
        return fault
