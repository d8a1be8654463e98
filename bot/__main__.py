"""The command line, and the wiring on one screen: config -> database -> host -> timetable -> intake.

Rooms are imported where a command needs them, so that `klatch run` starts in a second and holds no learning library.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from bot.commands.command import Command, build_parser
from bot.config import Config, ConfigProblem, load_config
from bot.opening import CannotStart, open_database, open_existing

if TYPE_CHECKING:
    from bot.host import Host
    from bot.scene.services import Services
    from jobs.engine.runner import Runner
    from models.database import Database

log = logging.getLogger("klatch")

# The exit status for what a person can mend: said as one sentence, without a trace.
WRONG_SETUP = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `klatch`; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser(_commands(), words).parse_args(words)
    command: Command = options.command
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    for chatty in ("httpx", "httpcore", "apscheduler", "alembic"):
        # httpx writes every address it calls, and ours hold the bot's token.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        return asyncio.run(command.run(load_config(options.config), options))
    except (ConfigProblem, CannotStart) as problem:
        print(f"klatch: {problem}", file=sys.stderr)
        return WRONG_SETUP
    except KeyboardInterrupt:
        return 0


def _commands() -> list[Command]:
    from bot.commands import doctor, import_, inbox, keys, telegram

    run_ = Command("run", "Start the host: hear, learn and speak.", run, examples=("klatch run",))
    demo_ = Command(
        "demo",
        "Start the playground: a local Telegram with an invented community.",
        demo,
        add_demo_arguments,
        examples=("klatch demo", "klatch demo --port 8090"),
    )
    job_ = Command(
        "job",
        "Run one job by hand; a rehearsal that keeps and sends nothing, unless --for-real.",
        job,
        add_job_arguments,
        examples=(
            "klatch job --list",
            "klatch job send_digests",
            "klatch job send_digests --with member_id=42 --for-real",
        ),
    )
    return [run_, demo_, job_, import_.IMPORT, doctor.DOCTOR, inbox.INBOX, telegram.TELEGRAM, keys.KEY, keys.ROTATE]


async def run(config: Config, options: argparse.Namespace) -> int:
    """Hear, learn and speak until stopped."""
    from telegram.error import InvalidToken, TelegramError

    from bot.app import build_bot
    from bot.host import Host

    if not config.telegram.token:
        raise CannotStart("There is no bot token; set KLATCH_TELEGRAM__TOKEN (the README tells how to get one).")
    database = await open_database(config)
    host = Host(_services(config, database), build_bot(config.telegram))
    try:
        await _until_stopped(_everything(config, host))
    except InvalidToken:
        raise CannotStart("Telegram does not know this token; copy it again from BotFather.") from None
    except TelegramError as error:
        raise CannotStart(f"Telegram at {config.telegram.api_base_url} refuses: {error.message}.") from None
    finally:
        await host.stop()
        await database.optimize()
        await database.close()
    return 0


def _services(config: Config, database: Database) -> Services:
    from bot.clock import SystemClock
    from bot.scene.services import Services
    from bot.texts import load_texts

    return Services(database, SystemClock(), load_texts(), config)


def _make_runner(host: Host) -> Runner:
    from jobs.engine.runner import Runner

    runner = Runner(host.services, name="host")
    host.use_runner(runner)
    return runner


async def _everything(config: Config, host: Host) -> None:
    """What runs side by side; the first that fails for good ends all."""
    await host.start()
    log.info("@%s is listening (%s)", host.bot.username, config.telegram.mode)
    runner = _make_runner(host)
    async with asyncio.TaskGroup() as group:
        if config.web.address:
            group.create_task(_serve_web(config, host))
        group.create_task(host.run(config.telegram))
        group.create_task(runner.run())


async def _serve_web(config: Config, host: Host) -> None:
    """Calendar feeds, health and perhaps the webhook. Raises CannotStart when the port is taken."""
    from bot.web.app import build_web
    from bot.web.server import PortIsTaken, listen, serve

    try:
        listening = listen(config.web.listen_host, config.web.listen_port)
    except PortIsTaken as problem:
        raise CannotStart(f"{problem} Choose another web.listen_port.") from None
    is_webhook = config.telegram.mode == "webhook"
    await serve(
        build_web(host.services, host.polling.health, secret=config.telegram.secret if is_webhook else None), listening
    )


async def demo(config: Config, options: argparse.Namespace) -> int:
    """Start the playground and stay until Ctrl-C."""
    from bot.playground.demo import play

    await _until_stopped(play(config, options, make_runner=_make_runner))
    return 0


def add_demo_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be set for one demo."""
    parser.add_argument("--port", type=int, help="of the web page (default: playground.port)")


def add_job_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own arguments live beside the jobs."""
    from jobs.command import add_arguments

    add_arguments(parser)


async def job(config: Config, options: argparse.Namespace) -> int:
    """Run one job by hand."""
    from jobs.command import run as run_job

    database = await (open_database if options.for_real else open_existing)(config)
    try:
        return await run_job(_services(config, database), options, sys.stdout)
    finally:
        await database.close()


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until it ends or SIGINT or SIGTERM comes; both end cleanly."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopping")
    except ExceptionGroup as group:
        # TaskGroups wrap; the first failure is the one to tell.
        raise group.exceptions[0] from None


if __name__ == "__main__":
    sys.exit(main())
