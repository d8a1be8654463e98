"""Presses under the one message to somebody new: what is decided loses its buttons, and all else stays as it was."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages.profiles import buttons_left
from bot.scene.scene import Scene
from models.tables.delivery import DeliveryKind


async def take_buttons(scene: Scene, is_done: Callable[[str], bool]) -> bool:
    """Whether the press was there; then the buttons whose data are done with go."""
    delivery = await scene.pressed_delivery()
    if delivery is None or delivery.kind != DeliveryKind.WELCOME:
        return False
    if delivery.payload is not None:
        keyboard = buttons_left(delivery.payload["reply_markup"], is_done)
        # The next press goes on from here.
        delivery.payload = {**delivery.payload, "reply_markup": keyboard}
        await scene.change(delivery, "editMessageReplyMarkup", {"reply_markup": keyboard})
    return True
