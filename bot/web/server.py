"""Uvicorn inside our own loop: it serves, and leaves signals to the wiring screen."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


class PortIsTaken(OSError):
    """Another program listens there already."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C ends the whole host, not only its web side."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """An open socket; port 0 takes any free one. Raises PortIsTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off only then; without it each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortIsTaken(f"{host}:{port} cannot be listened on: {error.strerror}.") from None
    return listener


async def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until cancelled."""
    # No access log: addresses of calendar feeds are secrets.
    settings = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=2
    )
    server = _Server(settings)
    await server.serve(sockets=[listening])
