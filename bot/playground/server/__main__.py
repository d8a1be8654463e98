"""`python -m bot.playground.server`: the local Telegram alone, for testing any bot in any language."""

import argparse
import asyncio
import contextlib
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import uvicorn

from bot.clock import Clock, SystemClock
from bot.playground.clock import SimulatedClock
from bot.playground.server.telegram import LocalTelegram
from bot.playground.server.visitors import OWN_NAMES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the local Telegram."""
    parser.add_argument("--host", default="127.0.0.1", choices=sorted(OWN_NAMES), help="this machine only")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--token", action="append", default=[], help="a bot, as <number>:<secret>; may be repeated")
    parser.add_argument("--seed", type=int, default=0, help="seed of all invented ids")
    parser.add_argument("--reads-all", action="store_true", help="switch the bots' privacy mode off")
    parser.add_argument("--limits", action="store_true", help="answer 429 beyond Telegram's published limits")
    parser.add_argument("--stopped-clock", action="store_true", help="time moves by the control API only")


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line. Exits with one sentence when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.playground.server", description="A local Telegram for testing bots."
    )
    add_arguments(parser)
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> LocalTelegram:
    """The server these options ask for; without a token it invents a bot."""
    clock: Clock = SimulatedClock(datetime.now(UTC)) if options.stopped_clock else SystemClock()
    telegram = LocalTelegram(clock=clock, random=Random(options.seed))
    telegram.limits.is_on = options.limits
    for number, token in enumerate(options.token or [f"7000000001:{secrets.token_urlsafe(24)}"], start=1):
        telegram.add_bot(token, f"Bot {number}", f"bot_{number}_bot", can_read_all_group_messages=options.reads_all)
    return telegram


def welcome(telegram: LocalTelegram, address: str) -> str:
    """What to do next, printed once; the only place a token is shown."""
    tokens = "\n".join(f"  token     {bot.token}" for bot in telegram.world.bots.values())
    return (
        f"A local Telegram listens.\n  Bot API   {address}/bot<token>/<method>\n{tokens}\n"
        f"  control   POST {address}/playground/do   GET {address}/playground/state   GET {address}/playground/changes"
    )


class AnnouncingServer(uvicorn.Server):
    """A uvicorn server that says where it listens once it does (the port may have been 0)."""

    def __init__(self, config: uvicorn.Config, telegram: LocalTelegram) -> None:
        super().__init__(config)
        self._telegram = telegram

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Start listening, then greet."""
        await super().startup()
        if self.servers:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(welcome(self._telegram, f"http://{f'[{host}]' if ':' in host else host}:{port}"), flush=True)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Let go of held polls and streams first, so that their connections can close."""
        self._telegram.hang_up()
        await super().shutdown()


async def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted; 2 when the options make no server."""
    try:
        telegram = build(options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    # No access log: the path of every call holds a token.
    config = uvicorn.Config(
        telegram.api,
        host=options.host,
        port=options.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    await AnnouncingServer(config, telegram).serve()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run alone."""
    options = read_arguments(sys.argv[1:] if arguments is None else arguments)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has shut down properly by then
        return asyncio.run(serve(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
