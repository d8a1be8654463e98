from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from bot.web.server import PortIsTaken, listen


async def test_connections_are_taken_without_delay() -> None:
    """asyncio sets TCP_NODELAY only where the socket names its protocol; each answer waited 40 ms without it."""
    accepted: asyncio.Queue[int] = asyncio.Queue()

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.put_nowait(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with contextlib.closing(listen("127.0.0.1", 0)) as listening:
        server = await asyncio.start_server(note, sock=listening)
        _, writer = await asyncio.open_connection(*listening.getsockname())
        is_undelayed = await accepted.get()
        writer.close()
        server.close()

    assert is_undelayed


def test_a_taken_port_is_named() -> None:
    with contextlib.closing(listen("127.0.0.1", 0)) as first:
        first.listen()
        port = first.getsockname()[1]

        with pytest.raises(PortIsTaken, match=f"127.0.0.1:{port} cannot be listened on"):
            listen("127.0.0.1", port)
