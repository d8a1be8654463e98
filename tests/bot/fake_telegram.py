"""The smallest Telegram the door can talk to: it records calls and answers what the test scripted.

It stands in for the network where a test needs exact control over errors; journeys use the local Telegram.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock


@dataclass(frozen=True)
class Call:
    method: str
    parameters: dict[str, Any]
    at: datetime

    @property
    def address(self) -> int:
        return int(self.parameters["chat_id"])

    @property
    def text(self) -> str:
        return str(self.parameters.get("text"))


class FakeTelegram:
    """`errors[chat]` are raised one a call; `shown` is what each message says now."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: list[Call] = []
        self.shown: dict[tuple[int, int], str] = {}
        self.errors: defaultdict[int, deque[BaseException]] = defaultdict(deque)
        # The call is applied, then its answer is lost.
        self.lost_answers: defaultdict[int, deque[BaseException]] = defaultdict(deque)
        self.gates: dict[int, asyncio.Event] = {}
        self._n_messages = 0

    async def do_api_request(self, endpoint: str, api_kwargs: dict[str, Any], **_: Any) -> Any:
        call = Call(endpoint, api_kwargs, self.clock.now())
        self.calls.append(call)
        if call.address in self.gates:
            await self.gates[call.address].wait()
        await asyncio.sleep(0)
        if self.errors[call.address]:
            raise self.errors[call.address].popleft()
        result = self._apply(call)
        if self.lost_answers[call.address]:
            raise self.lost_answers[call.address].popleft()
        return result

    def texts(self, address: int) -> list[str]:
        return [text for (chat, _), text in self.shown.items() if chat == address]

    def _apply(self, call: Call) -> dict[str, Any]:
        if call.method.startswith("edit"):
            message_id = int(call.parameters["message_id"])
        else:
            self._n_messages += 1
            message_id = self._n_messages
        self.shown[call.address, message_id] = call.text
        return {"message_id": message_id}
